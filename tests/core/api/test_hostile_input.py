"""SEC-16: everything has a ceiling. Every route of the document is tried with what nobody sends by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from neighbourly.core.api.blueprint import CONTRACTS, MAX_BODY
from neighbourly.core.api.openapi import document

JSON = {"content_type": "application/json"}
ABSENT = {"geocoder_unavailable"}
"""What a test installation has not got."""

NASTY: dict[str, Any] = {
    "null": None,
    "true": True,
    "minus one": -1,
    "a large number": 10**9,
    "a larger number": 2**63,
    "the largest number": 1e308,
    "minus zero": -0.0,
    "empty": "",
    "spaces": "   ",
    "U+0000": "a\x00b",
    "a bell": "a\x07b",
    "long text": "x" * 200_000,
    "wide text": "𝔘" * 20_000,
    "combining": "e" + "\u0301" * 5_000,
    "right to left": "\u202etxet",
    "markup": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE users; --",
    "format": "%s%s%n{0.__class__}",
    "an empty list": [],
    "a long list": [1] * 50_000,
    "a list of lists": [[[[]]]],
    "an object": {"a": {"b": {}}},
    "the end of time": "9999-12-31T23:59:59-14:00",
    "before time": "0001-01-01T00:00:00+14:00",
    "a UUID": str(uuid4()),
}


def operations(app, wanted: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of each documented route that has such a part."""
    for path, methods in document(app)["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v1/") and isinstance(operation, dict) and operation.get(wanted):
                yield method, re.sub(r"\{\w+\}", str(uuid4()), path), operation


def body_fields(app, operation: dict[str, Any]) -> list[str]:
    """The names of a JSON body's fields."""
    content = operation["requestBody"]["content"].get("application/json")
    if content is None:
        return []
    name = content["schema"]["$ref"].rpartition("/")[2]
    return list(document(app)["components"]["schemas"][name].get("properties", {}))


@pytest.mark.parametrize("kind", NASTY)
def test_no_field_of_any_body_makes_an_error_of_ours(app, as_, ana, kind):
    """SEC-16: 4xx where it is refused, never 500."""
    client, tried = as_(ana), 0
    for method, path, operation in operations(app, "requestBody"):
        for field in body_fields(app, operation):
            answer = client.open(path, method=method, data=orjson.dumps({field: NASTY[kind]}), **JSON)
            assert answer.status_code < 500 or answer.json["code"] in ABSENT, (method, path, field)
            tried += 1
    assert tried > 50


@pytest.mark.parametrize(
    "value",
    ["", "-1", "1000000000", "9" * 400, "1e400", "NaN", "x" * 3000, "%F0%9F", "%2e%2e%2f", "[]", "null", "%25s"],
)
def test_no_parameter_of_any_query_makes_an_error_of_ours(app, as_, ana, value):
    """SEC-16."""
    client, tried = as_(ana), 0
    for method, path, operation in operations(app, "parameters"):
        for parameter in operation["parameters"]:
            if parameter.get("in") == "query":
                answer = client.open(f"{path}?{parameter['name']}={value}", method=method)
                assert answer.status_code < 500, (path, parameter["name"])
                tried += 1
    assert tried > 10


BODIES = {
    "deep lists": b'{"email":' + b"[" * 1000 + b"]" * 1000 + b"}",
    "deep objects": b'{"a":' * 1000 + b"1" + b"}" * 1000,
    "very deep": b'{"email":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "never closed": b'{"email":' + b"[" * 500_000,
    "a long number": b'{"email":' + b"9" * 500_000 + b"}",
    "a long name": b'{"' + b"x" * 500_000 + b'": 1}',
    "many fields": orjson.dumps({f"f{number}": 1 for number in range(50_000)}),
    "many elements": b'{"email": [' + b"1," * 400_000 + b"1]}",
    "the same field often": b"{" + b'"no such field": 1,' * 30_000 + b'"no such field": 2}',
    "no UTF-8": b'{"email": "\xff"}',
    "UTF-16": '{"email": "a@example.org"}'.encode("utf-16"),
    "a mark of order": b'\xef\xbb\xbf{"email": "a@example.org"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_no_shape_of_a_body_makes_an_error_of_ours(app, as_, ana, body):
    """SEC-16: depth 1000 and 100,000, a million of anything: 400 or 422 at every route that takes a body."""
    client = as_(ana)
    for method, path, _ in operations(app, "requestBody"):
        answer = client.open(path, method=method, data=body, **JSON)
        assert 400 <= answer.status_code < 500, (method, path)
        assert answer.mimetype == "application/problem+json"
        assert len(answer.data) < 2 * MAX_BODY


def test_ten_mebibytes_are_413_everywhere(app, as_, ana):
    """SEC-16: before they are read."""
    client, body = as_(ana), b"x" * (10 * 1024 * 1024)
    for method, path, _ in operations(app, "requestBody"):
        answer = client.open(path, method=method, data=body, **JSON)
        assert (answer.status_code, answer.json["code"]) == (413, "content_too_large"), path


def test_no_form_of_an_id_makes_an_error_of_ours(app, as_, ana):
    """SEC-16: what is no UUID is not found."""
    client = as_(ana)
    for rule in app.url_map.iter_rules():
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            if "<uuid:" in rule.rule and (method, rule.endpoint) in CONTRACTS:
                for wrong in ("x", "0" * 32, "%00", "..", "1e9", str(uuid4())[:-1], "x" * 2000):
                    path = re.sub(r"<uuid:\w+>", wrong, rule.rule)
                    assert client.open(path, method=method, json={}).status_code in (404, 405, 422, 400), path


def test_headers_of_any_length_and_content_are_borne(client):
    """SEC-16."""
    for name in ("Authorization", "Accept-Language", "If-None-Match", "If-Match", "Idempotency-Key", "User-Agent"):
        for value in ("x" * 8000, "é" * 100, ",;=\"'", "Bearer " + "." * 5000):
            assert client.get("/v1/terms", headers={name: value}).status_code == 200
            assert client.post("/v1/auth/login", json={}, headers={name: value}).status_code < 500
