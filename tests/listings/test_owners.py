"""Listings follow their owners: they move along, and leave with them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings.events import ListingClosed, ListingPaused
from neighbourly.listings.models import Listing
from neighbourly.places.events import HomeMoved
from neighbourly.places.models import Home
from tests.factories.listings import ask, offer
from tests.people import CLEO_CELL, move


def lose_home(user):
    db.session.delete(db.session.get(Home, user.id))
    db.session.flush()
    publish(HomeMoved(user.id))
    db.session.flush()


def test_listings_move_along_with_their_owner(ana, bob):
    """LOC-04: listings follow their owner's home, in every state, and nobody else's do."""
    mine = [ask(ana), offer(ana), ask(ana, status="draft")]
    others = ask(bob)
    place = others.cell
    move(ana, CLEO_CELL)
    db.session.expire_all()
    assert {listing.cell for listing in mine} == {CLEO_CELL}
    assert {listing.location for listing in mine} == {cells.mercator(CLEO_CELL)}
    assert {listing.version for listing in mine} == {2}
    assert (others.cell, others.version) == (place, 1)


def test_a_home_put_where_it_was_changes_nothing(ana):
    """LOC-04: the same cell again changes no listing."""
    listing = ask(ana)
    before = listing.updated_at
    move(ana, listing.cell)
    db.session.expire_all()
    assert (listing.version, listing.updated_at) == (1, before)


def test_all_of_someones_listings_move_in_one_statement(ana, statements):
    for number in range(4):
        ask(ana, f"Chose numéro {number}")
    move(ana, CLEO_CELL)
    with statements() as seen:
        publish(HomeMoved(ana.id))
    assert len([each for each in seen if each.startswith("UPDATE listings")]) == 1


def test_without_a_home_nothing_is_shown_and_nothing_keeps_a_place(ana, heard):
    shown, draft = ask(ana), ask(ana, status="draft")
    heard.clear()
    lose_home(ana)
    assert (shown.status, draft.status) == ("paused", "draft")
    assert {cells.resolution_of(listing.cell) for listing in (shown, draft)} == {0}
    assert heard == [ListingPaused(shown.id)]


def test_a_listing_without_a_place_comes_back_with_the_next_home(as_, ana):
    listing = ask(ana)
    lose_home(ana)
    db.session.commit()
    path = f"/v1/listings/{listing.id}/resume"
    assert as_(ana).post(path).json["code"] == "home_missing"
    assert listing.status == "paused"
    move(ana, CLEO_CELL)
    said = as_(ana).post(path).json
    assert (said["status"], said["cell"]) == ("published", CLEO_CELL)


def test_who_leaves_leaves_nothing_they_wrote(ana, bob, heard):
    """GDP-02: the rows that others' rows refer to stay, without a word and without a place."""
    ask(ana, "Une canari jaune", description="canari", status="draft")
    shown = offer(ana, "Une cage à canari", description="canari")
    paused = ask(ana, "Un canari vert")
    paused.status = "paused"
    others = ask(bob)
    heard.clear()
    publish(AccountErasing(ana.id))
    db.session.expire_all()
    left = db.session.query(Listing).filter_by(owner_id=ana.id).all()
    assert {listing.id for listing in left} == {shown.id, paused.id}
    assert {(listing.title, listing.description, listing.status) for listing in left} == {("", "", "closed")}
    assert {cells.resolution_of(listing.cell) for listing in left} == {0}
    assert heard == [ListingClosed(shown.id), ListingClosed(paused.id)]
    assert others.title == "Une perceuse"


def test_words_of_deleted_listings_go_with_their_owner(as_, ana):
    listing = ask(ana, "Un canari vert")
    as_(ana).delete(f"/v1/listings/{listing.id}")
    publish(AccountErasing(ana.id))
    db.session.expire_all()
    assert listing.title == ""
