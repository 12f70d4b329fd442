"""One's own account: what it shows and what may be changed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.accounts.terms import TERMS_VERSION, TEXTS
from neighbourly.core.db import db

FIELDS = {
    "id",
    "email",
    "display_name",
    "bio",
    "photo",
    "language",
    "role",
    "terms_version",
    "created_at",
    "leaves_at",
    "ways_in",
}


def test_i_see_all_of_my_account_and_no_hash(as_, ana):
    """SEC-04: exactly these fields."""
    assert set(as_(ana).get("/v1/me").json) == FIELDS


def test_i_change_what_is_mine_to_change(as_, ana):
    changed = as_(ana).patch("/v1/me", json={"display_name": " Ana  B. ", "bio": "J'aime\nle vélo.", "language": "en"})
    assert changed.status_code == 200
    assert (changed.json["display_name"], changed.json["bio"]) == ("Ana B.", "J'aime\nle vélo.")
    assert as_(ana).get("/v1/me").json["language"] == "en"


@pytest.mark.parametrize(
    "change",
    [
        {"role": "admin"},
        {"state": "active"},
        {"email": "another@example.org"},
        {"id": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"},
        {"territory_code": "own"},
        {"created_at": "2020-01-01T00:00:00Z"},
        {"terms_version": "2026-11"},
        {"firebase_uid": "x"},
        {"password_hash": "x"},
        {"version": 7},
        {"language": "de"},
        {"display_name": None},
        {"bio": "x" * 1001},
        {"password": "short"},
    ],
)
def test_nothing_else_is_bound(as_, ana, change):
    """SEC-05: refused, and the row is as it was."""
    row = select(User.__table__).where(User.id == ana.id)
    mine = as_(ana)
    before = db.session.execute(row).one()
    assert mine.patch("/v1/me", json={"bio": "changed"} | change).status_code == 422
    assert db.session.execute(row).one() == before


def test_of_two_phones_that_edit_at_once_the_second_is_told(as_, ana):
    """REL-05: a stale `If-Match` changes nothing."""
    phone, laptop = as_(ana), as_(ana)
    etag = phone.get("/v1/me").headers["ETag"]
    assert phone.patch("/v1/me", json={"bio": "first"}, headers={"If-Match": etag}).status_code == 200
    stale = laptop.patch("/v1/me", json={"bio": "second"}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json["code"]) == (412, "stale_version")
    assert laptop.get("/v1/me").json["bio"] == "first"


def test_what_i_already_have_is_304(as_, ana):
    """REL-05."""
    mine = as_(ana)
    etag = mine.get("/v1/me").headers["ETag"]
    same = mine.get("/v1/me", headers={"If-None-Match": f'"other", {etag}'})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)


def test_the_terms_are_for_anyone_to_read_in_their_language(client):
    """DSA-10."""
    french, english = (client.get("/v1/terms", headers={"Accept-Language": each}) for each in ("fr-FR", "en"))
    assert (french.json["version"], french.json["text"]) == (TERMS_VERSION, TEXTS["fr"])
    assert (english.json["language"], english.json["text"]) == ("en", TEXTS["en"])
    assert "Accept-Language" in english.headers["Vary"]


def test_accepting_the_terms_is_one_step_less(as_, ana):
    """DSA-10: the version that each person accepted is kept."""
    accepted = as_(ana).put("/v1/me/terms", json={"version": TERMS_VERSION})
    assert accepted.json["terms_version"] == TERMS_VERSION
    kept = db.session.get_one(User, ana.id)
    at = kept.terms_accepted_at
    as_(ana).put("/v1/me/terms", json={"version": TERMS_VERSION})
    assert db.session.get_one(User, ana.id).terms_accepted_at == at is not None


def test_terms_that_are_not_in_force_cannot_be_accepted(as_, ana):
    refused = as_(ana).put("/v1/me/terms", json={"version": "1999-01"})
    assert (refused.status_code, refused.json["code"]) == (409, "terms_unknown")
    assert refused.json["version"] == TERMS_VERSION
    assert db.session.get_one(User, ana.id).terms_version is None
