"""Matching by meaning, with the real encoder: across languages, through the door, and refined by the job."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from neighbourly.core.db import db
from neighbourly.listings import reading
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing, Meaning
from neighbourly.matching.models import Ask, Asked
from neighbourly.matching.service import offering
from neighbourly.notifications.models import Delivery, Notification


def matches(as_, user, listing_id):
    return as_(user).get(f"/v1/listings/{listing_id}/matches").json


@pytest.fixture
def folder(request) -> Path:
    """Where what the reader takes seconds to make is kept from run to run."""
    return request.config.cache.mkdir("meaning")


@pytest.fixture
def draft(as_, run_jobs):
    """`draft(ana, "…")`: the id of a request that nobody is told of."""

    def write(user, title, **more):
        return as_(user).post("/v1/listings", json={"title": title, "status": "draft", **more}).json["id"]

    return write


@pytest.mark.parametrize("title", ["Je dois percer un mur en béton", "I need a drill"])
def test_a_need_in_either_language_finds_the_hammer_drill(meaning, as_, offer, draft, ana, bob, cleo, run_jobs, title):
    offer(bob, "Perforateur", description="Filaire, avec mèches à béton.")
    offer(cleo, "Poussette double", description="Côte à côte.")
    need = draft(ana, title)
    run_jobs()
    found = matches(as_, ana, need)
    assert found["meaning"] == "ready"
    assert found["items"][0]["listing"]["title"] == "Perforateur"
    assert found["items"][0]["factors"][0]["name"] == "meaning"
    assert found["items"][0]["factors"][0]["value"] > 0.2


def test_a_preview_waits_for_the_meaning_and_shows_what_words_find_until_then(
    meaning, as_, offer, draft, ana, bob, run_jobs
):
    offer(bob, "Perceuse")
    need = draft(ana, "Une perceuse")
    before = matches(as_, ana, need)
    assert (before["meaning"], len(before["items"])) == ("pending", 1)
    run_jobs()
    assert matches(as_, ana, need)["meaning"] == "ready"


def test_a_new_text_is_understood_anew(meaning, as_, draft, ana, run_jobs):
    need = draft(ana, "Une perceuse")
    run_jobs()
    as_(ana).patch(f"/v1/listings/{need}", json={"description": "Pour du béton."})
    assert matches(as_, ana, need)["meaning"] == "pending"
    as_(ana).patch(f"/v1/listings/{need}", json={"quantity": 1})
    run_jobs()
    assert matches(as_, ana, need)["meaning"] == "ready"


def test_the_first_wave_is_asked_by_meaning_too(meaning, offer, ask, waves, ana, bob, run_jobs):
    """Offered as knowledge without a category, in another language, with no word in common."""
    offer(bob, "Chess coaching", kind="skill", category=None, description="Openings and endgames.")
    run_jobs()
    assert waves(ask(ana, "Apprendre à jouer aux échecs", kind="skill")) == [{"Bob B."}]


def test_a_guess_by_words_is_refined_once_the_meaning_is_known(as_, draft, ana, encoder, meaning, folder):
    reading.choose(None, folder)
    need = draft(ana, "ma mère est seule l'après-midi")
    assert db.session.get_one(Listing, need).kind is None
    reading.choose(lambda: encoder, folder)
    listings.understand_pending(10)
    listing = db.session.get_one(Listing, need)
    assert (listing.kind, listing.category, listing.guessed) == ("time", "company", ["kind", "category"])


def test_a_replay_is_the_same_listing_even_if_a_guess_was_refined_meanwhile(as_, ana, encoder, meaning, folder):
    """REL-07: what was guessed, nobody said."""
    said = {"id": "01a2057e-7001-7598-813c-1a57cb0a6029", "title": "ma mère est seule l'après-midi"}
    reading.choose(None, folder)
    assert as_(ana).post("/v1/listings", json=said).status_code == 201
    reading.choose(lambda: encoder, folder)
    listings.understand_pending(10)
    again = as_(ana).post("/v1/listings", json=said)
    assert (again.status_code, again.json["kind"]) == (200, "time")
    assert as_(ana).post("/v1/listings", json=said | {"kind": "skill"}).json["code"] == "id_taken"


def test_what_is_deleted_means_nothing_any_more(meaning, as_, offer, bob, run_jobs):
    """GDP-02: a vector is made of somebody's words."""
    drill = offer(bob, "Perceuse")
    run_jobs()
    assert db.session.get(Meaning, drill, populate_existing=True).vector
    as_(bob).delete(f"/v1/listings/{drill}")
    assert db.session.get(Meaning, drill, populate_existing=True) is None


def test_what_an_older_version_wrote_is_noted_and_understood(meaning, as_, offer, bob, run_jobs):
    """Whatever nobody noted, but for what is deleted; window by window."""
    drill, ladder, gone = (offer(bob, title) for title in ("Perceuse", "Échelle", "Scie"))
    run_jobs()
    db.session.execute(delete(Meaning).where(Meaning.listing_id != ladder))
    db.session.commit()
    as_(bob).delete(f"/v1/listings/{gone}")
    first = listings.note_missing(after=None, limit=2)
    last = listings.note_missing(after=first, limit=2)
    assert (first, last, listings.note_missing(after=last, limit=2)) == (UUID(ladder), UUID(gone), None)
    assert {str(each) for each in db.session.scalars(select(Meaning.listing_id))} == {drill, ladder}
    assert listings.understand_pending(10) == 1


def test_a_vector_of_another_encoder_is_made_anew_and_left_out_until_then(
    meaning, as_, offer, draft, ana, bob, run_jobs
):
    drill = offer(bob, "Perceuse")
    need = draft(ana, "Une perceuse")
    run_jobs()
    db.session.get_one(Meaning, drill, populate_existing=True).encoder = "older"
    db.session.commit()
    assert matches(as_, ana, need)["items"][0]["factors"][0]["why"] == "sens pas encore lu"
    assert listings.count_outdated() == 1
    assert [listings.understand_anew(10), listings.understand_anew(10)] == [1, 0]
    assert matches(as_, ana, need)["items"][0]["factors"][0]["value"] > 0.9


def test_a_need_that_nobody_could_meet_is_put_around_again_once_it_is_understood(meaning, ask, ana, run_jobs):
    """What its words do not find its meaning may: an hour is too long to wait for that."""
    need = ask(ana, "Une perceuse")
    db.session.get_one(Ask, need, populate_existing=True).state = "exhausted"
    noted = db.session.get_one(Meaning, need, populate_existing=True)
    noted.encoder = noted.vector = None
    db.session.commit()
    listings.understand_pending(10)
    assert run_jobs() == ["matching.send_wave"]


def test_what_its_owner_left_open_is_not_guessed_again(meaning, as_, draft, ana, run_jobs):
    need = draft(ana, "Une perceuse")
    as_(ana).patch(f"/v1/listings/{need}", json={"category": None})
    as_(ana).patch(f"/v1/listings/{need}", json={"description": "Pour une étagère."})
    run_jobs()
    assert as_(ana).get(f"/v1/listings/{need}").json["category"] is None
    said = as_(ana).patch(f"/v1/listings/{need}", json={"category": "saws"}).json
    assert (said["category"], said["guessed"]) == ("saws", [])


# A new offer is told


def told(user):
    return db.session.query(Notification).filter_by(user_id=user.id, type="match_found").all()


def test_whoever_asks_for_it_is_told_of_a_new_offer_once_however_many_of_their_needs_it_meets(
    meaning, ask, offer, ana, bob, run_jobs
):
    ask(ana, "Une perceuse")
    ask(ana, "Percer un mur en béton")
    drill = offer(bob, "Perforateur", description="Pour le béton.")
    run_jobs()
    (row,) = told(ana)
    assert str(row.listing_id) == drill
    assert told(bob) == []


def test_a_need_that_nobody_could_meet_is_put_to_who_offers_the_same_in_other_words(
    meaning, ask, offer, ana, bob, run_jobs
):
    """Once the offer is understood, not an hour later."""
    need = ask(ana, "Somebody to walk my dog")
    run_jobs()
    assert db.session.get_one(Ask, need, populate_existing=True).state == "exhausted"
    offer(bob, "Promener un chien le matin", kind=None)
    run_jobs()
    asked = select(Asked.user_id).where(Asked.listing_id == need)
    assert db.session.scalars(asked).all() == [bob.id]


def test_an_offer_of_something_else_is_told_to_nobody(meaning, ask, offer, ana, bob, run_jobs):
    ask(ana, "Une perceuse")
    offer(bob, "Poussette double")
    run_jobs()
    assert told(ana) == []


def test_several_offers_in_a_day_are_one_push(meaning, as_, ask, offer, ana, bob, cleo, run_jobs):
    as_(ana).put("/v1/me/devices/phone", json={"fcm_token": "t", "platform": "android"})
    ask(ana, "Une perceuse")
    for who in (bob, cleo):
        offer(who, "Perceuse")
        run_jobs()
    rows = told(ana)
    assert len(rows) == 2
    assert db.session.query(Delivery).filter(Delivery.notification_id.in_([row.id for row in rows])).count() == 1


@pytest.mark.parametrize(
    ("q", "title", "is_told"),
    [
        ("vélo cargo", "Cargo bike", True),
        ("cargo bike", "Vélo cargo électrique", True),
        ("vélo cargo", "Raclette pour six", False),
    ],
)
def test_a_standing_interest_hears_of_what_means_the_same(meaning, as_, offer, ana, bob, run_jobs, q, title, is_told):
    assert as_(ana).post("/v1/me/searches", json={"q": q}).status_code == 201
    run_jobs()
    offer(bob, title)
    run_jobs()
    assert bool(told(ana)) is is_told


def test_a_standing_interest_is_met_by_its_words_where_nothing_is_encoded(as_, offer, ana, bob, cleo, run_jobs):
    as_(ana).post("/v1/me/searches", json={"q": "un vélo cargo"})
    offer(bob, "Vélos cargos à prêter")
    offer(cleo, "Vélo de course")
    run_jobs()
    assert [row.actor_id for row in told(ana)] == [bob.id]


def test_however_many_look_for_something_else_a_standing_interest_is_met(
    as_, offer, monkeypatch, ana, bob, cleo, run_jobs
):
    monkeypatch.setattr(offering, "SEARCHES", 2)
    for _ in range(4):
        as_(cleo).post("/v1/me/searches", json={"q": "un piano"})
    as_(ana).post("/v1/me/searches", json={"q": "un vélo cargo"})
    offer(bob, "Vélo cargo à prêter")
    run_jobs()
    assert len(told(ana)) == 1
    assert told(cleo) == []


def test_what_lies_behind_a_block_is_not_told(meaning, as_, ask, offer, ana, bob, run_jobs):
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    as_(ana).post("/v1/me/searches", json={"q": "perceuse"})
    ask(ana, "Une perceuse")
    offer(bob, "Perceuse")
    run_jobs()
    assert told(ana) == []
    assert db.session.query(Asked).count() == 0


def test_a_replay_is_the_same_listing_whatever_kind_was_guessed_later(meaning, as_, ana, encoder, folder):
    """REL-07: terms follow the kind, and nobody said either."""
    for number, title in enumerate(("Guitare", "Piano", "Jardin")):
        said = {"id": f"01a2057e-7001-7598-813c-1a57cb0a60{number:02}", "title": title, "direction": "offer"}
        reading.choose(None, folder)
        assert as_(ana).post("/v1/listings", json=said).status_code == 201
        reading.choose(lambda: encoder, folder)
        listings.understand_pending(10)
        assert as_(ana).post("/v1/listings", json=said).status_code == 200


def test_an_unlikely_offer_hides_no_good_reason(meaning, as_, offer, ask, waves, ana, bob, run_jobs):
    as_(bob).patch("/v1/me/preferences", json={"interests": ["power-drills"]})
    offer(bob, "Scie sauteuse de modélisme", kind="item", category="toys-and-board-games")
    run_jobs()
    assert waves(ask(ana, "Une perceuse")) == [{"Bob B."}]


@pytest.mark.parametrize("q", ["perceuse -filaire", '"perceuse filaire"'])
def test_where_the_very_words_are_said_nothing_else_is_shown(meaning, as_, offer, ana, bob, run_jobs, q):
    offer(bob, "Perceuse filaire" if q.startswith("p") else "Perceuse")
    run_jobs()
    assert as_(ana).get("/v1/listings", query_string={"q": q}).json["items"] == []


DICTIONARY = "accordéon canoë kayak vélo tente poussette piano guitare table chaise"


@pytest.mark.parametrize(
    ("title", "text", "is_told"),
    [
        ("CASINO 1 gagnez au 0612345678", DICTIONARY, False),
        ("CASINO gagnez gros", "accordéon", False),
        ("Super promo, appelez vite", "accordéon accordéon accordéon", False),
        ("Accordéon diatonique", "", True),
        ("Accordéon diatonique", "Hohner, deux rangées, avec sa housse.", True),
        ("Instrument de musique", "Un accordéon diatonique Hohner, deux rangées.", True),
    ],
)
def test_a_dictionary_in_the_text_meets_no_search(meaning, as_, offer, ana, bob, run_jobs, title, text, is_told):
    """MAT-04: the words stand in the title, or the whole means it and the title is about it."""
    as_(ana).post("/v1/me/searches", json={"q": "accordéon"})
    run_jobs()
    offer(bob, title, kind="item", description=text)
    run_jobs()
    assert bool(told(ana)) is is_told


def test_a_dictionary_is_told_to_nobody_where_nothing_is_encoded(as_, offer, ana, bob, cleo, run_jobs):
    as_(ana).post("/v1/me/searches", json={"q": "accordéon"})
    offer(bob, "CASINO 1", kind="item", description=DICTIONARY)
    run_jobs()
    assert told(ana) == []
    offer(cleo, "Accordéon diatonique", kind="item")
    run_jobs()
    assert len(told(ana)) == 1


def test_of_one_owner_one_hears_twice_a_week(as_, offer, ana, bob, cleo, pass_time, run_jobs):
    """MAT-04: however many accordions one account lists; another neighbour's is told all the same."""
    as_(ana).post("/v1/me/searches", json={"q": "accordéon"})
    for number in range(5):
        offer(bob, f"Accordéon {number}", kind="item")
        run_jobs()
    assert len(told(ana)) == 2
    offer(cleo, "Accordéon diatonique", kind="item")
    run_jobs()
    assert len(told(ana)) == 3
    pass_time(days=7, minutes=1)
    offer(bob, "Accordéon chromatique", kind="item")
    run_jobs()
    assert len(told(ana)) == 4
