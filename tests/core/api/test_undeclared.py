"""Nothing is silently dropped: what a route does not take is refused by name, in the header, the query and the body."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from neighbourly.accounts.models import Block
from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.api.dispatch import Contract
from neighbourly.core.db import db
from neighbourly.core.ids import new_id

BLOCKS = "/v1/me/blocks"


def calls(app: Flask) -> Iterator[tuple[str, str, Contract]]:
    """Every documented operation below `/v1`, by method and a path that names nothing."""
    for rule in app.url_map.iter_rules():
        values = {name: str(new_id()) for name in rule.arguments}
        path = rule.build(values, append_unknown=False)
        for method in sorted(rule.methods or ()):
            contract = CONTRACTS.get((method, rule.endpoint))
            if contract and contract.documented and rule.rule.startswith("/v1/") and path:
                yield method, path[1], contract


def faults(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json["errors"]]


def test_act_for_is_refused_on_every_call(app, as_, ana):
    """What is done must not be done as oneself where it was meant for another."""
    mine, found = as_(ana), list(calls(app))
    for method, path, contract in found:
        body = {"json": {}} if contract.body else {}
        answer = mine.open(path, method=method, headers={"Act-For": str(new_id())}, **body)
        if contract.body is None and contract.query is None:
            assert faults(answer) == [("/Act-For", "not_yet_supported")], (method, path)
        assert answer.status_code == 422, (method, path)
    assert len(found) > 90


def test_a_query_that_a_route_does_not_take_is_refused(app, as_, ana):
    mine = as_(ana)
    for method, path, contract in calls(app):
        body = {"json": {}} if contract.body else {}
        answer = mine.open(path, method=method, query_string={"surprise": "1"}, **body)
        assert ("/surprise", "unknown_field") in faults(answer), (method, path)


def test_a_body_that_a_route_does_not_take_is_refused(app, as_, ana):
    mine = as_(ana)
    bare = [call for call in calls(app) if call[0] != "GET" and call[2].body is None]
    for method, path, _ in bare:
        assert faults(mine.open(path, method=method, json={"surprise": 1})) == [("/surprise", "unknown_field")]
    assert len(bare) > 15


@pytest.mark.parametrize("said", [b"", b" ", b"{}", b"null"])
def test_a_body_that_says_nothing_is_none(as_, ana, bob, said):
    blocked = as_(ana).put(f"{BLOCKS}/{bob.id}", data=said, content_type="application/json")
    assert blocked.status_code == 204


@pytest.mark.parametrize(("said", "status"), [(b"[1]", 400), (b"{", 400), (b'"a"', 400)])
def test_a_body_that_is_no_object_is_unreadable(as_, ana, bob, said, status):
    assert as_(ana).put(f"{BLOCKS}/{bob.id}", data=said, content_type="application/json").status_code == status


def test_a_report_in_a_block_is_not_dropped(as_, ana, bob):
    """Who reports somebody must not believe that somebody reads it; the block alone works."""
    refused = as_(ana).put(f"{BLOCKS}/{bob.id}", json={"report": {"reason": "spam"}})
    assert faults(refused) == [("/report", "not_yet_supported")]
    assert refused.json["code"] == "not_yet_supported"
    assert db.session.scalar(select(func.count()).select_from(Block)) == 0
    assert as_(ana).put(f"{BLOCKS}/{bob.id}").status_code == 204


@pytest.mark.parametrize("path", ["/v1/listings/{}", "/v1/exchanges/{}"])
def test_what_would_save_calls_is_not_dropped(as_, ana, path):
    answer = as_(ana).get(path.format(new_id()), query_string={"include": "owner"})
    assert faults(answer) == [("/include", "not_yet_supported")]


def test_several_things_are_each_named(as_, ana):
    said = {"email": {}, "digest": "daily", "surprise": 1, "asks_per_week": 2}
    answer = as_(ana).patch("/v1/me/preferences", json=said)
    assert ("/digest", "not_yet_supported") in faults(answer)
    assert ("/email", "not_yet_supported") in faults(answer)
    assert as_(ana).get("/v1/me/preferences").json["asks_per_week"] == 3


def test_who_is_not_signed_in_hears_that_first(client):
    assert client.get("/v1/me", headers={"Act-For": str(new_id())}).status_code == 401
