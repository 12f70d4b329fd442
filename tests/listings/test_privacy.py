"""What others see of a listing, and what nobody can write into one."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.listings.schemas import ListingSchema
from neighbourly.listings.selectors import view_listing
from tests.factories.listings import ask, offer

FOR_EVERYONE = {
    "id", "direction", "kind", "category", "title", "description", "language", "status", "terms", "quantity",
    "helpers_needed", "max_loan_days", "requires_code", "needed_from", "needed_until", "owner", "association",
    "minutes",
    "availability", "unavailable", "pause_minutes", "cell", "distance_m", "available", "away_until", "photos",
    "created_at", "updated_at",
}  # fmt: skip
FOR_THE_OWNER = {"guessed", "radius_m", "circle", "no_expiry", "expires_at", "fulfilled_how", "allowed_actions"}
SUMMARY = {
    "id", "direction", "kind", "title", "excerpt", "category", "status", "thumbnail", "owner", "association", "cell",
    "distance_m", "available", "away_until", "created_at",
}  # fmt: skip
READ_ONLY = {
    "owner_id": "01a2057e-7001-7598-813c-1a57cb0a6029",
    "owner": {"id": "01a2057e-7001-7598-813c-1a57cb0a6029"},
    "role": "admin",
    "verified": True,
    "balance_minutes": 600,
    "version": 7,
    "guessed": [],
    "cell": "8939601aeafffff",
    "location": [0, 0],
    "neighbourhood_id": None,
    "distance_m": 1,
    "available": True,
    "away_until": None,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "published_at": "2026-01-01T00:00:00Z",
    "expires_at": "2030-01-01T00:00:00Z",
    "reminded_at": None,
    "deleted_at": None,
    "fulfilled_how": "elsewhere",
    "words": "x",
    "photos": [],
    "__class__": "x",
    "": 1,
}
WRITES = [("post", "/publish"), ("post", "/pause"), ("post", "/resume"), ("post", "/close"), ("post", "/renew"),
          ("post", "/fulfil"), ("patch", ""), ("delete", "")]  # fmt: skip


def row_of(listing):
    db.session.expire_all()
    return {column.key: getattr(listing, column.key) for column in Listing.__table__.columns}


def test_the_owner_sees_all_of_a_listing(as_, ana):
    """SEC-04: the golden keys of the whole listing."""
    said = as_(ana).post("/v1/listings", json={"title": "Une perceuse", "radius_m": 900}).json
    assert said.keys() == FOR_EVERYONE | FOR_THE_OWNER
    assert {key for key in FOR_THE_OWNER if said[key] is not None} == FOR_THE_OWNER - {"circle", "fulfilled_how"}
    assert said["owner"].keys() == {"id", "display_name", "photo"}


def test_others_see_the_same_keys_with_nothing_private_in_them(ana, bob):
    """SEC-04: what is the owner's alone is null to everyone else."""
    listing = ask(ana, radius_m=900)
    said = ListingSchema().dump(view_listing(listing, bob.id))
    assert said.keys() == FOR_EVERYONE | FOR_THE_OWNER
    assert {key for key, value in said.items() if value is None} >= FOR_THE_OWNER
    assert said["distance_m"] > 0


def test_lists_hold_the_contracts_fields_and_no_more(as_, ana, bob):
    """SEC-04: the golden keys of an item."""
    offer(ana)
    item = as_(bob).get("/v1/listings").json["items"][0]
    assert item.keys() == SUMMARY
    assert item["owner"].keys() == {"id", "display_name", "photo"}


def test_no_private_column_reaches_a_stranger(as_, ana, bob):
    """SEC-04: a canary in every private column, searched for in all that another person gets."""
    listing = offer(ana, description="Visible")
    listing.expires_at = datetime(2099, 9, 9, tzinfo=UTC)
    listing.reminded_at = datetime(2077, 7, 7, tzinfo=UTC)
    listing.published_at = datetime(2011, 1, 1, tzinfo=UTC)
    listing.radius_m, listing.fulfilled_how, listing.guessed = 43_217, "canary-how", ["canary-guess"]
    ana.bio, ana.email, ana.territory_code = "canary-bio", "canary@example.org", "canary-territory"
    db.session.commit()
    seen = as_(bob).get("/v1/listings").text + as_(bob).get("/v1/listings?sort=relevance&q=perceuse").text
    seen += json.dumps(ListingSchema().dump(view_listing(listing, bob.id)))
    assert "Visible" in seen
    x, y = listing.location
    for canary in ("2099", "2077", "2011-01", "43217", "canary", str(x)[:9], str(y)[:9]):
        assert canary not in seen


def test_a_view_holds_one_persons_look_alone(ana, bob):
    listing = ask(ana)
    assert {key for key in asdict(view_listing(listing, bob.id)) if key not in ("listing",)} == {
        "owner", "distance_m", "own", "away_until", "association", "photos",
    }  # fmt: skip
    assert view_listing(listing, ana.id).own
    assert not view_listing(listing, bob.id).own


@pytest.mark.parametrize("field", READ_ONLY)
def test_what_is_read_only_is_never_written(as_, ana, field):
    """SEC-05: refused by each write, and the row stays as it was."""
    client, body = as_(ana), {field: READ_ONLY[field]}
    answer = client.post("/v1/listings", json={"title": "Une perceuse", **body})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "unknown_field")
    assert db.session.query(Listing).count() == 0
    listing = ask(ana)
    before = row_of(listing)
    answer = client.patch(f"/v1/listings/{listing.id}", json={"title": "Autre chose", **body})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "unknown_field")
    answer = client.post(f"/v1/listings/{listing.id}/fulfil", json={"how": "elsewhere", **body})
    assert answer.status_code == 422
    assert row_of(listing) == before


@pytest.mark.parametrize("field", ["id", "status", "direction"])
def test_what_a_listing_is_born_with_is_not_patched(as_, ana, field):
    """SEC-05: an id, a state and a direction are not changed by a PATCH."""
    listing = ask(ana)
    before = row_of(listing)
    value = {"id": str(new_id()), "status": "closed", "direction": "offer"}[field]
    assert as_(ana).patch(f"/v1/listings/{listing.id}", json={field: value}).status_code == 422
    assert row_of(listing) == before


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_what_one_does_not_see_does_not_exist(as_, ana, bob, method, path):
    """SEC-03: a hidden listing of another's and no listing at all get the same answer, body and headers."""
    draft = ask(ana, status="draft")
    body = {"how": "elsewhere"} if path == "/fulfil" else {}
    answers = [
        getattr(as_(bob), method)(f"/v1/listings/{listing_id}{path}", json=body) for listing_id in (draft.id, new_id())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert dict(answers[0].headers) == dict(answers[1].headers)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_nobody_writes_without_signing_in(client, ana, method, path):
    """SEC-01: every write asks who is calling."""
    listing = ask(ana)
    assert getattr(client, method)(f"/v1/listings/{listing.id}{path}", json={}).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("patch", ""), ("delete", "")])
def test_who_sees_a_listing_may_still_not_change_it(as_, ana, bob, method, path):
    """SEC-02: another's listing that one sees is refused with 403."""
    listing = offer(ana)
    before = row_of(listing)
    answer = getattr(as_(bob), method)(f"/v1/listings/{listing.id}{path}", json={})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert row_of(listing) == before
