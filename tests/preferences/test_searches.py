"""Standing interests: what people look for until it is offered."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import update

from neighbourly.accounts.events import AccountErasing
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.core.language.encoding import unpack
from neighbourly.places import service as places
from neighbourly.preferences import jobs
from neighbourly.preferences.models import Preferences, SavedSearch
from neighbourly.preferences.service.searching import MOST_SEARCHES
from tests import people
from tests.databases import count_of
from tests.factories.listings import actor

SEARCHES = "/v1/me/searches"
BIKE = {"q": "un vélo cargo"}
HALF_A_STREET_NORTH = cells.snap(43.6080, 1.4480)


@pytest.fixture
def save(as_):
    """`save(ana, q="un vélo", radius_m=700)`: what the answer holds."""

    def post(user, **said):
        answer = as_(user).post(SEARCHES, json=BIKE | said)
        assert answer.status_code == 201, answer.json
        return answer.json

    return post


def kept(search) -> SavedSearch:
    return db.session.get_one(SavedSearch, search["id"])


def test_words_are_enough(as_, ana, heard):
    """SEC-04: exactly the fields of the contract."""
    answer = as_(ana).post(SEARCHES, json={"q": " un  vélo\ncargo "})
    made = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/me/searches/{made['id']}"
    assert set(made) == {"id", "q", "kind", "category", "radius_m", "created_at"}
    assert (made["q"], made["kind"], made["category"], made["radius_m"]) == ("un vélo cargo", None, None, None)
    assert [str(each.search_id) for each in heard] == [made["id"]]


def test_a_category_brings_its_kind(save, ana):
    made = save(ana, category="bikes", radius_m=3000)
    assert (made["kind"], made["category"], made["radius_m"]) == ("item", "bikes", 3000)


def test_a_kind_alone_stays_one(save, ana):
    made = save(ana, kind="skill")
    assert (made["kind"], made["category"]) == ("skill", None)


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"q": "x"}, "/q", "bad_length"),
        ({"q": " x "}, "/q", "bad_length"),
        ({"q": "x" * 121}, "/q", "bad_length"),
        ({"q": None}, "/q", "not_null"),
        ({"kind": "animal"}, "/kind", "not_a_choice"),
        ({"category": "nonsense"}, "/category", "unknown_category"),
        ({"category": "bikes", "kind": "skill"}, "/category", "category_of_another_kind"),
        ({"radius_m": 99}, "/radius_m", "out_of_range"),
        ({"radius_m": 50_001}, "/radius_m", "out_of_range"),
        ({"reach": [0, 0, 1, 1]}, "/reach", "unknown_field"),
        ({"user_id": str(new_id())}, "/user_id", "unknown_field"),
    ],
)
def test_what_makes_no_sense_is_refused(as_, ana, said, pointer, code):
    """SEC-05: unknown and read-only fields are refused, never bound."""
    answer = as_(ana).post(SEARCHES, json=BIKE | said)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [(pointer, code)]
    assert count_of(SavedSearch) == 0


@pytest.mark.parametrize("said", [{}, {"kind": "item"}, {"category": "bikes"}, {"radius_m": 700}])
def test_the_same_search_sent_again_is_the_same_search(as_, ana, heard, said):
    """REL-07: a replay gives the same row, and nothing follows from it."""
    body = {"id": str(new_id()), **BIKE, **said}
    first, again = (as_(ana).post(SEARCHES, json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    assert (count_of(SavedSearch), len(heard)) == (1, 1)


@pytest.mark.parametrize("said", [{"q": "un vélo"}, {"kind": "item"}, {"category": "bikes"}, {"radius_m": 700}])
def test_other_content_under_a_known_id_is_refused(as_, ana, said):
    """REL-07: the same id with another body is 409."""
    body = {"id": str(new_id()), **BIKE}
    as_(ana).post(SEARCHES, json=body)
    answer = as_(ana).post(SEARCHES, json=body | said)
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")


def test_nobody_takes_the_id_of_anothers_search(as_, ana, bob):
    """REL-07, SEC-05: an id that is another's is refused, and tells nothing of what it names."""
    body = {"id": str(new_id()), **BIKE}
    as_(ana).post(SEARCHES, json=body)
    answer = as_(bob).post(SEARCHES, json=body)
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")
    assert as_(bob).get(SEARCHES).json["items"] == []


@pytest.mark.parametrize("own_id", [False, True])
@pytest.mark.parametrize("words", ["un vélo cargo", "Un VELO cargo"])
def test_the_same_words_are_one_search(as_, save, ana, heard, words, own_id):
    """REL-07: whatever their capitals and accents; nobody hears twice of one offer because of a second tap."""
    first = save(ana)
    again = as_(ana).post(SEARCHES, json={"q": words} | ({"id": str(new_id())} if own_id else {}))
    assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert len(heard) == 1


@pytest.mark.parametrize("more", [{"kind": "item"}, {"category": "bikes"}, {"radius_m": 700}])
def test_the_same_words_for_another_kind_category_or_radius_are_another_search(save, ana, more):
    assert save(ana)["id"] != save(ana, **more)["id"]


def test_twenty_things_at_a_time_are_enough(as_, save, ana, bob):
    last = [save(ana, id=str(new_id()), q=f"chose {number}") for number in range(MOST_SEARCHES)][-1]
    refused = as_(ana).post(SEARCHES, json=BIKE)
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_searches")
    assert as_(ana).post(SEARCHES, json={"id": last["id"], "q": last["q"]}).status_code == 200
    save(bob)
    as_(ana).delete(f"{SEARCHES}/{last['id']}")
    save(ana)


def test_mine_come_newest_first_page_by_page(as_, save, ana, bob):
    made = [save(ana, q=f"chose {number}") for number in range(5)]
    save(bob)
    first = as_(ana).get(SEARCHES, query_string={"limit": 3}).json
    rest = as_(ana).get(SEARCHES, query_string={"limit": 3, "cursor": first["next"]}).json
    assert [*first["items"], *rest["items"]] == made[::-1]
    assert (len(first["items"]), rest["next"]) == (3, None)


def test_a_page_takes_few_statements(as_, save, ana, statements):
    for number in range(5):
        save(ana, q=f"chose {number}")
    mine = as_(ana)
    with statements() as seen:
        mine.get(SEARCHES)
    assert len(seen) <= 3


def test_a_deleted_search_is_gone(as_, save, ana):
    made = save(ana)
    gone, again = (as_(ana).delete(f"{SEARCHES}/{made['id']}") for _ in range(2))
    assert (gone.status_code, gone.data, again.status_code) == (204, b"", 404)
    assert as_(ana).get(SEARCHES).json == {"items": [], "next": None}


def test_nobody_deletes_anothers_search(as_, save, ana, bob):
    """SEC-03: it does not exist for them."""
    made = save(ana)
    assert as_(bob).delete(f"{SEARCHES}/{made['id']}").status_code == 404
    assert count_of(SavedSearch) == 1


def test_of_two_writers_one_gets_it(as_, ana):
    """REL-05: a stale `If-Match` is 412 and deletes nothing."""
    answer = as_(ana).post(SEARCHES, json=BIKE)
    path = answer.headers["Location"]
    assert as_(ana).delete(path, headers={"If-Match": '"7.x"'}).status_code == 412
    assert as_(ana).delete(path, headers={"If-Match": answer.headers["ETag"]}).status_code == 204


def test_the_reach_is_ones_own_or_the_radius_around_home(as_, save, ana):
    as_(ana).patch("/v1/me/preferences", json={"radius_m": 700})
    usual, wide = save(ana), save(ana, radius_m=9000)
    assert kept(usual).reach == db.session.get_one(Preferences, ana.id).reach
    assert kept(wide).reach == cells.box_around(people.ANA_CELL, 9000)


def test_the_reach_follows_the_home_and_a_radius_of_its_own_stays(as_, save, ana):
    as_(ana).patch("/v1/me/preferences", json={"radius_m": 700})
    usual, wide = save(ana), save(ana, radius_m=9000)
    people.move(ana, people.CLEO_CELL)
    assert kept(usual).reach == cells.box_around(people.CLEO_CELL, 700)
    assert kept(wide).reach == cells.box_around(people.CLEO_CELL, 9000)
    assert (kept(usual).version, kept(wide).version) == (1, 1)


def test_the_reach_follows_the_radius_and_a_radius_of_its_own_stays(as_, save, ana, bob):
    usual, wide, others = save(ana), save(ana, radius_m=9000), save(bob)
    before = kept(others).reach
    as_(ana).patch("/v1/me/preferences", json={"radius_m": 700})
    assert kept(usual).reach == cells.box_around(people.ANA_CELL, 700)
    assert kept(wide).reach == cells.box_around(people.ANA_CELL, 9000)
    assert kept(others).reach == before


def test_the_reach_follows_the_nightly_count(app: Flask, save, new_user, ana):
    usual, wide = save(ana), save(ana, radius_m=9000)
    for number in range(50):
        new_user(f"N-{number}", home=HALF_A_STREET_NORTH)
    with app.app_context():
        jobs.renew_radii()
    db.session.expire_all()
    assert kept(usual).reach == cells.box_around(people.ANA_CELL, 1000)
    assert kept(wide).reach == cells.box_around(people.ANA_CELL, 9000)


def test_without_a_home_nothing_is_within_reach_until_there_is_one(save, new_user):
    dora = new_user("Dora D.")
    usual, wide = save(dora), save(dora, radius_m=9000)
    assert (kept(usual).reach, kept(wide).reach) == (None, None)
    people.move(dora, people.ANA_CELL)
    assert kept(usual).reach == db.session.get_one(Preferences, dora.id).reach
    assert kept(wide).reach == cells.box_around(people.ANA_CELL, 9000)
    places.delete_home(actor=actor(dora))
    db.session.expire_all()
    assert (kept(usual).reach, kept(wide).reach) == (None, None)


def test_who_leaves_takes_their_searches_along(save, ana, bob):
    save(ana)
    others = save(bob)
    publish(AccountErasing(ana.id))
    db.session.expire_all()
    assert [str(each.id) for each in db.session.query(SavedSearch)] == [others["id"]]


def test_what_is_saved_is_understood_soon_after(save, run_jobs, reader, ana):
    """Each by a job of its own: nobody who saves waits for another."""
    made = [save(ana, q="x" * length) for length in (3, 5)]
    assert run_jobs().count("preferences.understand_search") == 2
    db.session.expire_all()
    vectors = unpack([kept(each).vector for each in made])
    assert list(np.argmax(vectors, axis=1)) == [5, 7]
    assert {(kept(each).encoder, kept(each).version) for each in made} == {("length-1", 1)}
    assert reader.batches == [1, 1]


def test_many_are_understood_batch_by_batch(app: Flask, reader, ana):
    db.session.add_all(SavedSearch(user_id=ana.id, q="un vélo") for _ in range(150))
    db.session.commit()
    with app.app_context():
        jobs.understand_rest()
    assert reader.batches == [64, 64, 22]
    assert db.session.query(SavedSearch).filter(SavedSearch.vector.is_(None)).count() == 0


def test_what_is_understood_is_left_alone(app: Flask, save, reader, ana):
    made = save(ana)
    db.session.execute(update(SavedSearch).values(encoder="another", vector=b"x"))
    db.session.commit()
    with app.app_context():
        jobs.understand_search(UUID(made["id"]))
        jobs.understand_rest()
    assert reader.batches == []


def test_what_another_reader_understood_is_understood_anew(app: Flask, save, reader, ana):
    made = save(ana)
    db.session.execute(update(SavedSearch).values(encoder="another", vector=b"x"))
    db.session.commit()
    with app.app_context():
        jobs.understand_anew()
        jobs.understand_rest()
    db.session.expire_all()
    assert (kept(made).encoder, reader.batches) == (reader.version, [1])


def test_where_nothing_is_read_words_have_to_do(app: Flask, save, run_jobs, ana):
    made = save(ana)
    assert "preferences.understand_search" not in run_jobs()
    with app.app_context():
        jobs.understand_search(UUID(made["id"]))
        jobs.understand_rest()
    db.session.expire_all()
    assert (kept(made).encoder, kept(made).vector) == (None, None)
