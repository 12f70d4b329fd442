"""What runs out of time expires, and its owner is asked before."""

from __future__ import annotations

import pytest

from neighbourly.core.db import db
from neighbourly.listings import jobs, service
from neighbourly.listings.events import ListingExpired, ListingExpiring
from neighbourly.listings.models import Listing
from tests.databases import run_job
from tests.factories.listings import ask, offer


def watch():
    db.session.commit()
    run_job("listings.watch_expiry")
    db.session.expire_all()


def test_a_request_is_asked_about_once_and_then_expires(ana, heard, pass_time):
    listing_id = ask(ana).id
    heard.clear()
    told = []
    for _day in range(9):
        pass_time(days=1)
        watch()
        told.append([type(event) for event in heard])
        heard.clear()
    assert told == [[], [], [], [ListingExpiring], [], [], [ListingExpired], [], []]
    assert service.expire_due(10) == 0
    assert listing_id


@pytest.mark.parametrize(("days", "events"), [(86, []), (88, [ListingExpiring]), (91, [ListingExpired])])
def test_an_offer_is_asked_about_three_days_before_its_end(ana, heard, pass_time, days, events):
    offer(ana)
    heard.clear()
    pass_time(days=days)
    watch()
    assert [type(event) for event in heard] == events


def test_what_has_no_end_is_left_alone(ana, heard, pass_time):
    listing = offer(ana, no_expiry=True)
    heard.clear()
    pass_time(days=4000)
    watch()
    assert (listing.status, heard) == ("published", [])


def test_what_is_paused_expires_without_a_reminder(ana, heard, pass_time):
    listing = ask(ana)
    listing.status = "paused"
    heard.clear()
    pass_time(days=5)
    watch()
    assert heard == []
    pass_time(days=3)
    watch()
    assert (listing.status, heard) == ("expired", [ListingExpired(listing.id)])


@pytest.mark.parametrize("status", ["draft", "closed", "fulfilled", "removed"])
def test_what_is_not_shown_does_not_expire(ana, heard, pass_time, status):
    listing = ask(ana)
    listing.status = status
    heard.clear()
    pass_time(days=30)
    watch()
    assert (listing.status, heard) == (status, [])


def test_a_renewed_listing_is_asked_about_again(as_, ana, heard, pass_time):
    listing = ask(ana)
    pass_time(days=5)
    watch()
    as_(ana).post(f"/v1/listings/{listing.id}/renew")
    heard.clear()
    watch()
    assert heard == []
    pass_time(days=5)
    watch()
    assert heard == [ListingExpiring(listing.id)]


def test_everything_due_is_done_in_batches(ana, pass_time, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    listings = [ask(ana, f"Chose numéro {number}") for number in range(5)]
    pass_time(days=8)
    watch()
    assert {listing.status for listing in listings} == {"expired"}


def test_to_be_asked_about_makes_a_listing_no_newer(ana, pass_time):
    """Its owner did nothing, and the version that they know stays the one to change."""
    listing = offer(ana)
    before = (listing.id, listing.version, listing.updated_at)
    pass_time(days=88)
    watch()
    again = db.session.get_one(Listing, listing.id, populate_existing=True)
    assert again.reminded_at is not None
    assert (again.id, again.version, again.updated_at) == before
