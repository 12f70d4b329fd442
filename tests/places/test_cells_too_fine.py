"""LOC-10: no call takes a cell finer than resolution 9."""

import logging
from uuid import uuid4

import h3
import pytest

from neighbourly.core.api import openapi
from tests import people

NAMES = {"cell", "near"}


def calls(app):
    """Every operation of the API with a cell in its query or its body: (method, path, where, name)."""
    document = openapi.document(app)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            for parameter in operation.get("parameters", ()):
                if parameter.get("in") == "query" and parameter["name"] in NAMES:
                    yield method, path, "query", parameter["name"]
            content = operation.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref", "/")
            schema = document["components"]["schemas"].get(reference.rpartition("/")[2], {})
            for name in NAMES & schema.get("properties", {}).keys():
                yield method, path, "json", name


@pytest.mark.parametrize("resolution", range(10, 16))
def test_every_call_that_takes_a_cell_refuses_finer_ones(app, as_, bob, own, caplog, resolution):
    """LOC-10"""
    caplog.set_level(logging.DEBUG)
    fine = h3.cell_to_center_child(people.ANA_CELL, resolution)
    found = list(calls(app))
    assert ("put", "/v1/me/home", "json", "cell") in found
    for method, path, where, name in found:
        url = path.replace("{", "{0[").replace("}", "]}").format(AnyId())
        kwargs = {"query_string": {name: fine}} if where == "query" else {"json": {name: fine}}
        response = as_(bob).open(url, method=method.upper(), **kwargs)
        assert response.status_code == 422, (method, path)
        assert (f"/{name}", "cell_too_fine") in {(each["pointer"], each["code"]) for each in response.json["errors"]}
        assert fine not in response.text
    assert fine not in " ".join(str(record.__dict__) for record in caplog.records)


class AnyId:
    """An id for every name in a path."""

    def __getitem__(self, _name):
        return uuid4()
