"""Signing in and staying signed in."""

from __future__ import annotations


def test_ana_sees_her_own_account(as_, ana):
    answer = as_(ana).get("/v1/me")
    assert answer.status_code == 200
    assert answer.json["display_name"] == "Ana A."
    assert answer.headers["Cache-Control"] == "no-store"
