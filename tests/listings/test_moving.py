"""Moving a listing from state to state over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings import events
from neighbourly.listings.models import Listing
from tests.factories.listings import ask, offer
from tests.people import CLEO_CELL, move

ACTIONS = ("publish", "pause", "resume", "close", "renew", "fulfil")


def act(client, listing, action):
    body = {"how": "elsewhere"} if action == "fulfil" else None
    return client.post(f"/v1/listings/{listing.id}/{action}", json=body)


@pytest.mark.parametrize(
    ("before", "action", "after", "event"),
    [
        ("draft", "publish", "published", events.ListingPublished),
        ("published", "pause", "paused", events.ListingPaused),
        ("paused", "resume", "published", events.ListingResumed),
        ("published", "close", "closed", events.ListingClosed),
        ("published", "fulfil", "fulfilled", events.ListingFulfilled),
        ("published", "renew", "published", events.ListingChanged),
        ("expired", "renew", "published", events.ListingResumed),
    ],
)
def test_each_action_moves_and_tells(as_, ana, heard, before, action, after, event):
    listing = ask(ana, status="draft" if before == "draft" else "published")
    listing.status = before
    db.session.commit()
    heard.clear()
    answer = act(as_(ana), listing, action)
    assert (answer.status_code, answer.json["status"]) == (200, after)
    assert heard == [event(listing.id)]


def test_a_refused_action_says_what_is_allowed(as_, ana, heard):
    listing = ask(ana)
    heard.clear()
    answer = act(as_(ana), listing, "resume")
    assert (answer.status_code, answer.json["code"]) == (409, "action_not_allowed")
    assert answer.json["allowed_actions"] == ["edit", "pause", "close", "fulfil", "renew"]
    assert (listing.status, heard) == ("published", [])


def test_an_offer_is_never_fulfilled(as_, ana):
    assert act(as_(ana), offer(ana), "fulfil").status_code == 409


@pytest.mark.parametrize(("body", "code"), [({}, "required"), ({"how": "magic"}, "not_a_choice")])
def test_fulfilling_says_how(as_, ana, body, code):
    answer = as_(ana).post(f"/v1/listings/{ask(ana).id}/fulfil", json=body)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)


def test_how_a_need_was_met_is_kept(as_, ana):
    assert act(as_(ana), ask(ana), "fulfil").json["fulfilled_how"] == "elsewhere"


@pytest.mark.parametrize("action", ACTIONS)
def test_only_the_owner_moves_a_listing(as_, ana, bob, action):
    """SEC-02: another who sees it may not."""
    listing = ask(ana)
    answer = act(as_(bob), listing, action)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert listing.version == 1


def test_a_draft_is_published_where_its_owner_lives_by_then(as_, ana):
    listing = ask(ana, status="draft")
    move(ana, CLEO_CELL)
    assert act(as_(ana), listing, "publish").json["cell"] == CLEO_CELL


def test_a_renewed_request_lasts_seven_days_from_now(as_, ana, pass_time):
    listing = ask(ana)
    pass_time(days=5)
    before = clock.now()
    act(as_(ana), listing, "renew")
    assert before + timedelta(days=7) <= listing.expires_at == listing.needed_until
    assert listing.reminded_at is None


def test_a_renewed_offer_lasts_ninety_days_from_now(as_, ana, pass_time):
    listing = offer(ana)
    pass_time(days=80)
    before = clock.now()
    act(as_(ana), listing, "renew")
    assert listing.expires_at >= before + timedelta(days=90)


def test_an_expired_request_begins_anew(as_, ana, pass_time):
    listing = ask(ana, needed_from=clock.now() + timedelta(days=1), needed_until=clock.now() + timedelta(days=2))
    listing.status = "expired"
    pass_time(days=3)
    said = act(as_(ana), listing, "renew").json
    assert (said["status"], said["needed_from"]) == ("published", None)
    assert listing.needed_until >= clock.now() + timedelta(days=6)


def test_a_date_set_on_an_expired_request_stands_when_it_is_renewed(as_, ana, pass_time):
    listing = ask(ana)
    listing.status = "expired"
    pass_time(days=8)
    end = (clock.now() + timedelta(days=2)).replace(microsecond=0)
    as_(ana).patch(f"/v1/listings/{listing.id}", json={"needed_until": end.isoformat()})
    act(as_(ana), listing, "renew")
    assert listing.expires_at == end


def test_a_deleted_draft_is_gone(as_, ana, heard):
    listing = ask(ana, status="draft")
    assert as_(ana).delete(f"/v1/listings/{listing.id}").status_code == 204
    assert db.session.query(Listing).count() == 0
    assert heard == []


@pytest.mark.parametrize("status", ["published", "paused", "expired", "closed", "fulfilled", "removed"])
def test_a_deleted_listing_is_seen_by_nobody_again(as_, ana, heard, status):
    listing = ask(ana)
    listing.status = status
    db.session.commit()
    heard.clear()
    assert as_(ana).delete(f"/v1/listings/{listing.id}").status_code == 204
    assert as_(ana).patch(f"/v1/listings/{listing.id}", json={}).status_code == 404
    assert as_(ana).get("/v1/me/listings").json["items"] == []
    closed = [events.ListingClosed(listing.id)] if status in ("published", "paused", "expired") else []
    assert heard == [events.ListingDeleting(listing.id), *closed]


def test_a_deleted_listing_keeps_no_place(as_, ana):
    listing = ask(ana)
    as_(ana).delete(f"/v1/listings/{listing.id}")
    assert cells.resolution_of(listing.cell) == 0
    assert listing.location == cells.mercator(listing.cell)
    assert listing.neighbourhood_id is None


@pytest.mark.parametrize("action", ACTIONS)
def test_what_is_not_there_cannot_be_moved(as_, ana, action):
    said = {"json": {"how": "elsewhere"}} if action == "fulfil" else {}
    answer = as_(ana).post(f"/v1/listings/{new_id()}/{action}", **said)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_one_sees_ones_own_listings_in_every_state_newest_first(as_, ana, bob):
    kept = [ask(ana, f"Chose numéro {number}", status="draft" if number else "published") for number in range(3)]
    ask(bob)
    items = as_(ana).get("/v1/me/listings").json["items"]
    assert [item["id"] for item in items] == [str(listing.id) for listing in reversed(kept)]
    assert [item["status"] for item in items] == ["draft", "draft", "published"]
    drafts = as_(ana).get("/v1/me/listings?status=draft&limit=1").json
    assert [item["id"] for item in drafts["items"]] == [str(kept[2].id)]
    rest = as_(ana).get(f"/v1/me/listings?status=draft&limit=1&cursor={drafts['next']}").json
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([str(kept[1].id)], None)


def test_ones_own_listings_are_one_statement(as_, ana, statements):
    for number in range(5):
        ask(ana, f"Chose numéro {number}")
    client = as_(ana)
    with statements() as seen:
        assert len(client.get("/v1/me/listings").json["items"]) == 5
    assert len(seen) <= 2
