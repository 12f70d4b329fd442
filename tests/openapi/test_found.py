"""Requests that schemathesis once drew and that went wrong, by name: each gets the right answer, in every run.

They fit the document's schemas and make no sense all the same; they are refused for what is wrong with them.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.listings import ask, offer

FOUND: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a request's circle on an offer": ("PATCH", "/v1/listings/{offer}", {"circle": "known"}, "only_for_requests"),
    "an offer's pause on a request": ("PATCH", "/v1/listings/{need}", {"pause_minutes": 5}, "only_for_offers"),
    "a number that few cells have": ("GET", "/v1/listings?near=800000000000000", {}, "not_a_cell"),
    "an address below a reserved domain": (
        "POST",
        "/v1/auth/register",
        {"email": "k@xa2.test", "password": "quatre chats sur le toit", "display_name": "Léa", "adult": True},
        "bad_email",
    ),
    "a cursor of another list": ("GET", "/v1/exchanges?cursor=MA", {}, "bad_cursor"),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once_is_answered_right(as_, ana, name):
    method, path, body, code = FOUND[name]
    named = {"offer": offer(ana, "Une perceuse").id, "need": ask(ana, "Je cherche une perceuse").id}
    answer = as_(ana).open(path.format(**named), method=method, json=body if method != "GET" else None)
    assert (answer.status_code, [each["code"] for each in answer.json["errors"]]) == (422, [code])
