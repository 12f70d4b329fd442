"""What goes with one's own listing, before and while people are asked."""

from __future__ import annotations

from uuid import uuid4

import pytest

from neighbourly.accounts.models import User
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.matching.models import Asked
from neighbourly.preferences import jobs
from tests import people
from tests.answers.test_answers import SUMMARY


def matches(as_, user, listing_id, **query):
    answer = as_(user).get(f"/v1/listings/{listing_id}/matches", query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.fixture
def draft(as_, ana) -> str:
    """What Ana has not yet asked for."""
    return as_(ana).post("/v1/listings", json={"title": "Une perceuse à béton", "status": "draft"}).json["id"]


def test_a_draft_previews_what_goes_with_it_and_nobody_is_told(as_, offer, draft, ana, bob, cleo, run_jobs):
    offer(cleo, "Perceuse à béton")
    offer(bob, "Scie sauteuse", kind="item", category="saws")
    offer(bob, "Roman", kind="item", category="books")
    found = matches(as_, ana, draft)
    assert [each["listing"]["title"] for each in found["items"]] == ["Perceuse à béton", "Scie sauteuse"]
    assert "matching.send_wave" not in run_jobs()
    assert db.session.query(Asked).count() == 0


def test_each_says_why_and_the_parts_add_up(as_, offer, draft, ana, bob):
    offer(bob, "Perceuse")
    page = matches(as_, ana, draft)
    (match,) = page["items"]
    assert set(match["listing"]) == SUMMARY
    assert match["score"] == sum(each["contribution"] for each in match["factors"])
    assert [(each["name"], each["weight"]) for each in match["factors"]] == [
        ("meaning", 0.3),
        ("category", 0.15),
        ("words", 0.1),
        ("distance", 0.15),
        ("availability", 0.08),
        ("freshness", 0.02),
        ("solidarity", 0.2),
    ]
    assert [each["why"].replace("\u00a0", " ") for each in match["factors"]] == [
        "sens pas encore lu",
        "même catégorie : Perceuses et visseuses",
        "mot commun : perceuse",
        "à environ 300 m",
        "le moment reste à convenir",
        "annonce de ce mois-ci",
        "c'est son tour",
    ]
    assert (page["by_interest"], page["meaning"]) == (0, None)


@pytest.fixture
def interested(as_, new_user):
    """`interested(11)`: so many come to live at Bob's, who like to be asked for tools."""

    used: list[User] = []

    def come(number: int) -> list[User]:
        made = [new_user(f"N{len(used)}-{each}", home=people.BOB_CELL) for each in range(number)]
        used.extend(made)
        for user in made:
            as_(user).patch("/v1/me/preferences", json={"interests": ["tools"]})
        return made

    return come


@pytest.fixture
def night(app):
    """`night()`: what is counted each night is counted."""

    def falls() -> None:
        with app.app_context():
            jobs.recount_interests()

    return falls


def test_people_matched_by_an_interest_are_a_figure_counted_at_night(as_, draft, ana, interested, night):
    """LOC-12: nobody below eleven, from then on the lower end of a band, of who is asked at all."""
    some = interested(10)
    night()
    assert matches(as_, ana, draft)["by_interest"] == 0
    some += interested(2)
    assert matches(as_, ana, draft)["by_interest"] == 0, "not at the instant"
    night()
    assert matches(as_, ana, draft)["by_interest"] == 11
    as_(ana).patch(f"/v1/listings/{draft}", json={"radius_m": 100})
    assert matches(as_, ana, draft)["by_interest"] == 11, "whatever the radius"
    as_(some[0]).patch("/v1/me/preferences", json={"interests": []})
    people.move(some[1], people.FAR_CELL)
    night()
    assert matches(as_, ana, draft)["by_interest"] == 11, "a wish more or less is nobody's business"
    for user in some[2:9]:
        as_(user).patch("/v1/me/preferences", json={"asks_per_week": 0})
    night()
    assert matches(as_, ana, draft)["by_interest"] == 0, "who is never asked does not count"


def test_shrinking_radii_and_a_home_that_moves_find_nobody(as_, draft, ana, bob, interested, night):
    """LOC-12: neither a draft nor a home on a grid tells where somebody lives who takes an interest."""
    as_(bob).patch("/v1/me/preferences", json={"interests": ["tools"]})
    for user in interested(4):
        people.settle(user, 1)
    night()
    told = set()
    for cell in sorted(cells.rings(people.BOB_CELL, 3)):
        people.move(ana, cell)
        for radius in (50_000, 1000, 300, 100):
            as_(ana).patch(f"/v1/listings/{draft}", json={"radius_m": radius})
            told.add(matches(as_, ana, draft)["by_interest"])
    assert told == {0}


@pytest.mark.parametrize("by", ["ana", "one of them"])
def test_the_number_does_not_tell_whose_it_is(as_, draft, ana, interested, night, by):
    """LOC-03: else a block, tried on one name after another, would tell who lives within the radius."""
    one, *_ = interested(11)
    blocker, blocked = (ana, one) if by == "ana" else (one, ana)
    as_(blocker).put(f"/v1/me/blocks/{blocked.id}")
    night()
    assert matches(as_, ana, draft)["by_interest"] == 11


def test_an_offer_shows_the_open_needs_it_could_meet(as_, offer, ask, ana, bob, cleo):
    near = ask(ana, "Une perceuse")
    ask(cleo, "Une perceuse", radius_m=500)
    ask(cleo, "Un roman policier")
    drill = offer(bob, "Perceuse")
    found = matches(as_, bob, drill)
    assert [each["listing"]["id"] for each in found["items"]] == [near]
    assert found["by_interest"] == 0


def test_at_most_so_many(as_, offer, draft, ana, bob):
    for _ in range(3):
        offer(bob, "Perceuse")
    assert len(matches(as_, ana, draft, limit=2)["items"]) == 2
    assert as_(ana).get(f"/v1/listings/{draft}/matches?limit=101").status_code == 422


def test_only_its_owner_sees_what_goes_with_a_listing(as_, ask, ana, bob):
    """SEC-03: not yours and not there look the same."""
    need = ask(ana)
    hidden, absent = as_(bob).get(f"/v1/listings/{need}/matches"), as_(bob).get(f"/v1/listings/{uuid4()}/matches")
    assert (hidden.status_code, hidden.json) == (absent.status_code, absent.json)
    assert hidden.status_code == 404


def test_what_one_may_not_see_is_no_match(as_, offer, draft, ana, bob, cleo):
    offer(bob, "Perceuse")
    as_(cleo).post(f"/v1/listings/{offer(cleo, 'Perceuse')}/pause")
    as_(bob).put(f"/v1/me/blocks/{ana.id}")
    assert matches(as_, ana, draft)["items"] == []


def test_the_number_of_statements_does_not_grow_with_the_matches(as_, offer, draft, ana, bob, cleo, statements):
    offer(bob, "Perceuse")
    asker = as_(ana)
    with statements() as few:
        asker.get(f"/v1/listings/{draft}/matches")
    for user in (bob, cleo):
        for _ in range(3):
            offer(user, "Perceuse")
    with statements() as many:
        asker.get(f"/v1/listings/{draft}/matches")
    assert len(many) == len(few) <= 8  # who calls, the draft, what it means, six


def test_for_an_offer_the_requests_words_count_and_nobodys_turn(as_, offer, ana, bob, run_jobs):
    as_(ana).post("/v1/listings", json={"title": "Un monocycle"})
    unicycle = offer(bob, "Monocycle 20 pouces bleu avec casque")
    (match,) = matches(as_, bob, unicycle)["items"]
    factors = {each["name"]: each for each in match["factors"]}
    assert factors["words"]["value"] == 1
    assert factors["words"]["why"].replace("\u00a0", " ") == "mot commun : monocycle"
    assert factors["solidarity"]["why"] == "le tour de chacun ne compte pas pour une demande"
    run_jobs()
    inbox = as_(ana).get("/v1/notifications").json["items"]
    assert [each["data"]["listing_id"] for each in inbox if each["type"] == "match_found"] == [unicycle]
