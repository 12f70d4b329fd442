"""Homes and the map changed at the same moment, on real connections."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from neighbourly.accounts.selectors import hold_person
from neighbourly.core import cells
from neighbourly.core.cells import TOWN
from neighbourly.core.db import db, transaction
from neighbourly.places.models import Home
from neighbourly.territories import service as territories
from neighbourly.territories.models import Territory
from neighbourly.territories.selectors import territory_of
from tests import people
from tests.waiting import wait_until

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
WAITING_FOR_A_ROW = text("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")


@pytest.fixture
def app(committing_app):
    """Transactions are real ones here."""
    return committing_app


def home_of(user_id):
    db.session.rollback()
    return db.session.scalars(select(Home).where(Home.user_id == user_id)).one()


def test_a_home_put_during_an_import_is_on_the_new_map(app, as_, new_user, toulouse):
    """LOC-04, LOC-06: it waits, rather than keep what the import is about to change."""
    dora = new_user("Dora D.")
    client, user_id = as_(dora), dora.id
    drawn, waiting = threading.Event(), threading.Event()

    def draw() -> None:
        with app.app_context(), transaction():
            territories.import_file(path=toulouse)
            drawn.set()
            assert waiting.wait(10)

    def put() -> int:
        assert drawn.wait(10)
        with app.app_context():
            return client.put("/v1/me/home", json={"cell": people.ANA_CELL}).status_code

    with ThreadPoolExecutor(2) as workers:
        both = workers.submit(draw), workers.submit(put)
        wait_until(lambda: db.session.scalar(WAITING) == 1)
        waiting.set()
        assert [each.result(10) for each in both] == [None, 200]
    home = home_of(user_id)
    assert home.precision == "street"
    assert home.neighbourhood_id == territory_of(people.ANA_CELL).id


def test_an_import_waits_for_homes_being_put_and_then_refits_them(app, as_, new_user, toulouse):
    """LOC-04: and none is missed."""
    dora = new_user("Dora D.")
    client, user_id = as_(dora), dora.id
    together = threading.Barrier(2)

    def draw() -> None:
        together.wait(5)
        with app.app_context(), transaction():
            territories.import_file(path=toulouse)

    def put() -> int:
        together.wait(5)
        with app.app_context():
            return client.put("/v1/me/home", json={"cell": people.ANA_CELL}).status_code

    with ThreadPoolExecutor(2) as workers:
        both = workers.submit(draw), workers.submit(put)
        assert [each.result(20) for each in both] == [None, 200]
    home = home_of(user_id)
    own = db.session.scalars(select(Territory).where(Territory.is_own)).one()
    outside = (cells.coarsen(people.ANA_CELL, TOWN), None)
    inside = (people.ANA_CELL, territory_of(people.ANA_CELL).id)
    assert (home.cell, home.neighbourhood_id) in (outside, inside), "never of the old map"
    assert home.neighbourhood_id != own.id


def test_two_first_homes_at_once_are_one(app, as_, new_user):
    """SEC-21: of two phones of one person both get an answer, and there is one home."""
    dora = new_user("Dora D.")
    clients, user_id = [as_(dora), as_(dora)], dora.id
    together = threading.Barrier(2)

    def put(client) -> int:
        together.wait(5)
        with app.app_context():
            return client.put("/v1/me/home", json={"cell": people.FAR_CELL}).status_code

    with ThreadPoolExecutor(2) as workers:
        assert set(workers.map(put, clients)) <= {200, 409}
    assert home_of(user_id).precision == "town"


def put_again(client, path):
    return client.put("/v1/me/home", json={"cell": people.BOB_CELL}).status_code


def forget(client, path):
    return client.delete("/v1/me/home").status_code


def redraw(client, path):
    with transaction():
        territories.import_file(path=path)


@pytest.mark.parametrize("move", [put_again, forget, redraw])
def test_a_home_moves_after_its_person_is_held(app, as_, new_user, toulouse, move):
    """LOC-04: the person first, then the home, whoever moves it; so nobody waits in a ring with one who leaves."""
    dora = new_user("Dora D.")
    client, user_id = as_(dora), dora.id
    assert client.put("/v1/me/home", json={"cell": people.ANA_CELL}).status_code == 200

    def run():
        with app.app_context():
            return move(client, toulouse)

    with ThreadPoolExecutor(1) as workers:
        with transaction():
            hold_person(user_id)
            moved = workers.submit(run)
            wait_until(lambda: db.session.scalar(WAITING_FOR_A_ROW) == 1)
            statement = select(Home.user_id).where(Home.user_id == user_id)
            assert db.session.scalar(statement.with_for_update(nowait=True)) == user_id
        assert moved.result(20) in (200, 204, None)
