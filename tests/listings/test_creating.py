"""Writing a listing: a title is enough."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.events import ListingPublished
from neighbourly.listings.models import Listing
from tests.people import ANA_CELL

YEAR = timedelta(days=370)


def later(**by):
    return (clock.now() + timedelta(**by)).isoformat()


def test_a_title_is_enough_to_ask(as_, ana, heard):
    answer = as_(ana).post("/v1/listings", json={"title": "Une perceuse"})
    said = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/listings/{said['id']}"
    assert (said["direction"], said["status"], said["language"]) == ("request", "published", "fr")
    assert (said["kind"], said["category"], said["guessed"]) == ("item", "power-drills", ["kind", "category"])
    assert (said["cell"], said["distance_m"], said["owner"]["display_name"]) == (ANA_CELL, 0, "Ana A.")
    assert [type(event) for event in heard] == [ListingPublished]


def test_a_request_is_needed_for_seven_days_and_ends_then(as_, ana):
    said = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json
    lasts = datetime.fromisoformat(said["needed_until"]) - datetime.fromisoformat(said["created_at"])
    assert lasts == timedelta(days=7)
    assert said["expires_at"] == said["needed_until"]


@pytest.mark.parametrize(("no_expiry", "days"), [(False, 90), (True, None)])
def test_an_offer_lasts_ninety_days_or_for_ever_and_is_lent(as_, ana, no_expiry, days):
    body = {"title": "Ma perceuse", "direction": "offer", "no_expiry": no_expiry}
    said = as_(ana).post("/v1/listings", json=body).json
    assert (said["terms"], said["needed_until"]) == ("lend", None)
    if days is None:
        assert said["expires_at"] is None
    else:
        lasts = datetime.fromisoformat(said["expires_at"]) - datetime.fromisoformat(said["created_at"])
        assert lasts == timedelta(days=days)


def test_what_cannot_be_guessed_stays_open(as_, ana):
    said = as_(ana).post("/v1/listings", json={"title": "Xyzzy blurb"}).json
    assert (said["kind"], said["category"], said["guessed"]) == (None, None, [])


@pytest.mark.parametrize(
    ("body", "kind", "category", "guessed"),
    [
        ({"kind": "item"}, "item", "power-drills", ["category"]),
        ({"category": "saws"}, "item", "saws", []),
        ({"kind": "skill"}, "skill", None, []),
        ({"kind": None, "category": None}, "item", "power-drills", ["kind", "category"]),
    ],
)
def test_what_is_said_is_not_guessed(as_, ana, body, kind, category, guessed):
    said = as_(ana).post("/v1/listings", json={"title": "Une perceuse", **body}).json
    assert (said["kind"], said["category"], said["guessed"]) == (kind, category, guessed)


def test_who_lends_or_gives_speaks_of_a_thing(as_, ana):
    said = as_(ana).post("/v1/listings", json={"title": "Xyzzy blurb", "direction": "offer", "terms": "give"}).json
    assert (said["kind"], said["terms"], said["guessed"]) == ("item", "give", [])


def test_a_draft_is_told_to_nobody(as_, ana, heard):
    said = as_(ana).post("/v1/listings", json={"title": "Une perceuse", "status": "draft"}).json
    assert (said["status"], said["needed_until"], said["expires_at"]) == ("draft", None, None)
    assert said["allowed_actions"] == ["edit", "publish"]
    assert heard == []


def test_without_a_home_there_is_nowhere_to_ask(as_, new_user):
    answer = as_(new_user("Nora N.")).post("/v1/listings", json={"title": "Une perceuse"})
    assert (answer.status_code, answer.json["code"]) == (409, "home_missing")
    assert db.session.query(Listing).count() == 0


def test_titles_and_descriptions_are_kept_as_people_write_them(as_, ana):
    body = {"title": "  L'œuf\n d'  autruche 🥚 ", "description": " Deux\nlignes <b>& plus</b> "}
    said = as_(ana).post("/v1/listings", json=body).json
    assert (said["title"], said["description"]) == ("L'œuf d' autruche 🥚", "Deux\nlignes <b>& plus</b>")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/title", "required"),
        ({"title": None}, "/title", "not_null"),
        ({"title": "ab"}, "/title", "bad_length"),
        ({"title": "   a   "}, "/title", "bad_length"),
        ({"title": "x" * 81}, "/title", "bad_length"),
        ({"title": "a\x00bcd"}, "/title", "control_character"),
        ({"title": 12345}, "/title", "wrong_type"),
        ({"description": "x" * 4001}, "/description", "bad_length"),
        ({"kind": "dragon"}, "/kind", "not_a_choice"),
        ({"direction": "sideways"}, "/direction", "not_a_choice"),
        ({"status": "closed"}, "/status", "not_a_choice"),
        ({"status": "removed"}, "/status", "not_a_choice"),
        ({"language": "de"}, "/language", "not_a_choice"),
        ({"category": "dragons"}, "/category", "unknown_category"),
        ({"category": "power-drills", "kind": "skill"}, "/category", "category_of_another_kind"),
        ({"terms": "sell"}, "/terms", "not_a_choice"),
        ({"terms": "lend", "kind": "time"}, "/terms", "only_for_items"),
        ({"max_loan_days": 3, "kind": "skill"}, "/max_loan_days", "only_for_items"),
        ({"max_loan_days": 0}, "/max_loan_days", "out_of_range"),
        ({"no_expiry": True}, "/no_expiry", "only_for_offers"),
        ({"no_expiry": "yes"}, "/no_expiry", "wrong_type"),
        ({"direction": "offer", "helpers_needed": 2}, "/helpers_needed", "only_for_requests"),
        ({"direction": "offer", "needed_until": later(days=2)}, "/needed_until", "only_for_requests"),
        ({"helpers_needed": 21}, "/helpers_needed", "out_of_range"),
        ({"helpers_needed": 1.5}, "/helpers_needed", "wrong_type"),
        ({"helpers_needed": True}, "/helpers_needed", "wrong_type"),
        ({"quantity": 0}, "/quantity", "out_of_range"),
        ({"quantity": 10**9}, "/quantity", "out_of_range"),
        ({"radius_m": 99}, "/radius_m", "out_of_range"),
        ({"radius_m": 50_001}, "/radius_m", "out_of_range"),
        ({"needed_until": later(days=-1)}, "/needed_until", "in_the_past"),
        ({"needed_until": "2026-01-01T00:00:00"}, "/needed_until", "wrong_type"),
        ({"needed_until": (clock.now() + YEAR).isoformat()}, "/needed_until", "too_far_ahead"),
        ({"needed_from": (clock.now() + YEAR).isoformat()}, "/needed_from", "too_far_ahead"),
        ({"needed_from": later(days=-2)}, "/needed_from", "in_the_past"),
        ({"needed_from": "0001-01-02T00:00:00Z"}, "/needed_from", "in_the_past"),
        ({"needed_from": later(days=3), "needed_until": later(days=2)}, "/needed_until", "ends_before_it_begins"),
        ({"id": "42"}, "/id", "wrong_type"),
    ],
)
def test_what_does_not_fit_is_named(as_, ana, body, pointer, code):
    answer = as_(ana).post("/v1/listings", json={"title": "Une chose"} | body if body else body)
    assert answer.status_code == 422
    assert {"pointer": pointer, "code": code} in [
        {key: each[key] for key in ("pointer", "code")} for each in answer.json["errors"]
    ]
    assert db.session.query(Listing).count() == 0


def test_an_id_made_by_the_phone_is_the_listings_id(as_, ana):
    """REL-07: a client may make the id."""
    made = new_id()
    answer = as_(ana).post("/v1/listings", json={"id": str(made), "title": "Une perceuse"})
    assert (answer.status_code, answer.json["id"]) == (201, str(made))


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"status": "draft"},
        {"direction": "offer", "description": "Avec ses forets.", "quantity": 2},
        {"needed_until": later(days=2), "helpers_needed": 3, "kind": "time"},
    ],
)
def test_the_same_listing_sent_again_is_the_same_listing(as_, ana, heard, content):
    """REL-07: a replay gives the same row, and nothing follows from it."""
    body = {"id": str(new_id()), "title": "Une perceuse", **content}
    first, again = (as_(ana).post("/v1/listings", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert db.session.query(Listing).count() == 1
    assert len(heard) <= 1


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Une scie"},
        {"status": "draft"},
        {"direction": "offer"},
        {"description": "Avec ses forets."},
        {"needed_until": later(days=2)},
        {"category": "saws"},
    ],
)
def test_other_content_under_a_known_id_is_refused(as_, ana, other):
    """REL-07: the same id with another body is 409."""
    body = {"id": str(new_id()), "title": "Une perceuse"}
    as_(ana).post("/v1/listings", json=body)
    answer = as_(ana).post("/v1/listings", json=body | other)
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")


def test_nobody_takes_the_id_of_anothers_listing(as_, ana, bob):
    """REL-07, SEC-05: an id that is another's is refused, and tells nothing of what it names."""
    body = {"id": str(new_id()), "title": "Une perceuse", "status": "draft"}
    as_(ana).post("/v1/listings", json=body)
    answer = as_(bob).post("/v1/listings", json=body)
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")
    assert "Ana" not in answer.text


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Une perceuse"},
        {"title": "Une perceuse", "terms": "give"},
        {"title": "Aide pour porter des meubles", "terms": "lend"},
        {"title": "Gribouillis", "category": "power-drills"},
        {"title": "Gribouillis", "kind": "skill"},
        {"title": "Gribouillis"},
        {"title": "Gribouillis", "direction": "offer", "terms": "lend", "pause_minutes": 60},
    ],
)
def test_whatever_was_said_the_same_again_is_the_same_listing(as_, ana, said):
    """REL-07: also where the kind followed from the terms or from the category."""
    body = said | {"id": "01a2057e-7001-7598-813c-1a57cb0a6029"}
    assert as_(ana).post("/v1/listings", json=body).status_code == 201
    assert as_(ana).post("/v1/listings", json=body).status_code == 200


def test_what_cannot_be_said_of_a_listing_was_not_said_of_it(as_, ana):
    """REL-07: an id that stands for an hour of help does not stand for a gift."""
    body = {"id": "01a2057e-7001-7598-813c-1a57cb0a6029", "title": "Aide pour porter des meubles"}
    assert as_(ana).post("/v1/listings", json=body).json["kind"] == "time"
    answer = as_(ana).post("/v1/listings", json=body | {"terms": "give"})
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")
