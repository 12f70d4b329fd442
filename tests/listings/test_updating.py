"""Changing what a listing says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.listings.events import ListingChanged, ListingEdited
from neighbourly.listings.models import STATUSES
from tests.factories.listings import ask, offer


def change(client, listing, **changes):
    return client.patch(f"/v1/listings/{listing.id}", json=changes)


def filed(answer):
    return answer.json["kind"], answer.json["category"], answer.json["guessed"]


def test_what_is_said_again_as_it_was_is_held_against_no_clock(as_, ana, later):
    """A form that is sent whole holds the beginning of a need that has begun days ago."""
    begins, ends = (clock.now() + timedelta(days=days) for days in (0.1, 9))
    said = {"title": "Une échelle", "needed_from": begins.isoformat(), "needed_until": ends.isoformat()}
    need = as_(ana).post("/v1/listings", json=said).json["id"]
    later(days=4)
    assert as_(ana).patch(f"/v1/listings/{need}", json=said | {"title": "Une grande échelle"}).status_code == 200
    past = {"needed_from": (clock.now() - timedelta(days=2)).isoformat()}
    assert as_(ana).patch(f"/v1/listings/{need}", json=past).json["errors"][0]["code"] == "in_the_past"


def test_a_corrected_guess_is_a_guess_no_more(as_, ana, heard):
    listing = ask(ana, "Une perceuse")
    heard.clear()
    answer = change(as_(ana), listing, category="saws")
    assert filed(answer) == ("item", "saws", [])
    assert heard == [ListingEdited(listing.id, {"category": "power-drills"}), ListingChanged(listing.id)]


def test_a_corrected_kind_drops_a_guessed_category_of_another_kind(as_, ana):
    listing = ask(ana, "Une perceuse")
    assert filed(change(as_(ana), listing, kind="skill")) == ("skill", None, [])


def test_a_confirmed_guess_is_said(as_, ana):
    listing = ask(ana, "Une perceuse")
    assert filed(change(as_(ana), listing, kind="item")) == ("item", "power-drills", ["category"])


def test_a_new_title_is_guessed_anew(as_, ana):
    listing = ask(ana, "Une perceuse")
    kind, category, guessed = filed(change(as_(ana), listing, title="Cours de guitare"))
    assert (kind, category) == ("skill", "music-lessons")
    assert guessed == ["kind", "category"]


def test_a_new_title_leaves_what_was_said(as_, ana):
    listing = ask(ana, "Une perceuse", category="saws")
    assert filed(change(as_(ana), listing, title="Cours de guitare")) == ("item", "saws", [])


def test_another_description_guesses_nothing(as_, ana):
    listing = ask(ana, "Une perceuse", kind="item")
    change(as_(ana), listing, category=None)
    assert filed(change(as_(ana), listing, description="Cours de guitare")) == ("item", None, [])


def test_a_said_kind_and_another_category_do_not_agree(as_, ana):
    listing = ask(ana, "Une perceuse", kind="skill")
    answer = change(as_(ana), listing, category="saws")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "category_of_another_kind")


def test_what_only_things_have_goes_when_it_is_no_thing(as_, ana):
    listing = offer(ana, "Ma perceuse", max_loan_days=3)
    said = change(as_(ana), listing, kind="skill").json
    assert (said["terms"], said["max_loan_days"]) == (None, None)


def test_a_thing_that_was_none_is_lent(as_, ana):
    listing = offer(ana, "Cours de guitare")
    assert listing.terms is None
    assert change(as_(ana), listing, kind="item").json["terms"] == "lend"


def test_the_end_of_a_need_moves_the_end_of_the_request(as_, ana):
    listing = ask(ana)
    end = (clock.now() + timedelta(days=20)).replace(microsecond=0)
    said = change(as_(ana), listing, needed_until=end.isoformat()).json
    assert datetime.fromisoformat(said["expires_at"]) == datetime.fromisoformat(said["needed_until"]) == end


def test_an_offer_may_last_for_ever_after_all(as_, ana):
    listing = offer(ana)
    assert change(as_(ana), listing, no_expiry=True).json["expires_at"] is None
    assert change(as_(ana), listing, no_expiry=False).json["expires_at"] is not None


def test_saying_the_same_again_prolongs_nothing(as_, ana, pass_time):
    listing = offer(ana)
    end = listing.expires_at
    pass_time(days=5)
    change(as_(ana), listing, no_expiry=False, title=listing.title)
    assert listing.expires_at == end


def test_nothing_said_changes_nothing(as_, ana, heard):
    listing = ask(ana)
    heard.clear()
    answer = change(as_(ana), listing)
    assert (answer.status_code, listing.version, heard) == (200, 1, [])


def test_a_passed_end_does_not_stand_in_the_way_of_another_change(as_, ana, pass_time):
    listing = ask(ana)
    pass_time(days=8)
    assert change(as_(ana), listing, title="Une perceuse, vite").status_code == 200
    answer = change(as_(ana), listing, needed_until=(clock.now() - timedelta(days=1)).isoformat())
    assert answer.json["errors"][0]["code"] == "in_the_past"


@pytest.mark.parametrize("status", STATUSES)
def test_what_has_ended_is_changed_no_more(as_, ana, status):
    listing = ask(ana)
    listing.status = status
    db.session.commit()
    answer = change(as_(ana), listing, title="Autre chose")
    if status in ("closed", "fulfilled", "removed"):
        assert (answer.status_code, answer.json["code"]) == (409, "action_not_allowed")
        assert answer.json["allowed_actions"] == []
    else:
        assert (answer.status_code, answer.json["title"]) == (200, "Autre chose")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"status": "closed"}, "/status"),
        ({"direction": "offer"}, "/direction"),
        ({"title": None}, "/title"),
        ({"quantity": None}, "/quantity"),
        ({"description": None}, "/description"),
        ({"no_expiry": True}, "/no_expiry"),
        ({"needed_until": "never"}, "/needed_until"),
    ],
)
def test_what_cannot_be_changed_so_is_named(as_, ana, changes, pointer):
    listing = ask(ana)
    answer = change(as_(ana), listing, **changes)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert listing.version == 1
