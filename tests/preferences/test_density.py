"""How far near is, where someone left it open: as far as 50 neighbours live."""

from __future__ import annotations

import pytest
from flask import Flask

from neighbourly.accounts.models import User
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.places.models import Home
from neighbourly.preferences import jobs
from neighbourly.preferences.density import radius_holding
from neighbourly.preferences.models import Interest, Preferences
from neighbourly.preferences.selectors import radius_around
from tests import people


@pytest.mark.parametrize(
    ("metres", "radius"),
    [
        (0, 1000),
        (1000, 1000),
        (1000.5, 2000),
        (4999, 5000),
        (9000, 10_000),
        (20_000, 20_000),
        (90_000, 20_000),
        (None, 20_000),
    ],
)
def test_the_radius_is_the_smallest_that_holds_them(metres, radius):
    assert radius_holding(metres) == radius


HALF_A_STREET_NORTH = cells.snap(43.6080, 1.4480)
THREE_KILOMETRES_NORTH = cells.snap(43.6290, 1.4480)


@pytest.fixture
def settle(new_user):
    """`settle(50, cell)`: so many neighbours come to live there."""

    def come(number: int, cell: str) -> list[User]:
        return [new_user(f"N{cell}-{each}", home=cell) for each in range(number)]

    return come


@pytest.fixture
def night(app: Flask):
    """`night()`: what happens each night has happened."""

    def falls() -> None:
        with app.app_context():
            jobs.renew_radii()
        db.session.expire_all()

    return falls


def reach_of(user: User) -> int:
    return db.session.get_one(Preferences, user.id).reach_m


def test_where_fifty_neighbours_live_around_the_corner_a_kilometre_is_enough(settle, new_user):
    settle(50, people.BOB_CELL)
    assert reach_of(new_user("Ana A.", home=people.ANA_CELL)) == 1000


def test_the_fiftieth_neighbour_counts_and_not_oneself(settle, new_user):
    settle(49, people.BOB_CELL)
    settle(1, THREE_KILOMETRES_NORTH)
    assert reach_of(new_user("Ana A.", home=people.ANA_CELL)) == 5000


def test_where_few_live_the_reach_is_the_widest(new_user):
    assert reach_of(new_user("Ana A.", home=people.ANA_CELL)) == 20_000


def test_a_chosen_radius_stands_whoever_lives_there(as_, settle, night, ana):
    as_(ana).patch("/v1/me/preferences", json={"radius_m": 300})
    settle(50, people.ANA_CELL)
    night()
    assert reach_of(ana) == 300


def test_every_night_the_radii_are_counted_anew(as_, settle, night, ana, cleo):
    as_(ana).patch("/v1/me/preferences", json={"interests": ["books"]})
    assert (reach_of(ana), reach_of(cleo)) == (20_000, 20_000)
    settle(49, HALF_A_STREET_NORTH)
    night()
    assert (reach_of(ana), reach_of(cleo)) == (2000, 2000)
    west, _, east, _ = db.session.get_one(Interest, (ana.id, "books")).reach
    assert (east - west) / 2 == pytest.approx(cells.mercator_reach(2000.5, people.ANA_CELL))


def test_the_night_counts_the_same_as_the_move(settle, night):
    some = settle(30, people.ANA_CELL) + settle(25, people.BOB_CELL) + settle(3, THREE_KILOMETRES_NORTH)
    night()
    for user in some:
        assert reach_of(user) == radius_around(db.session.get_one(Home, user.id).cell)


def test_the_night_takes_few_statements_for_many_people(settle, night, statements):
    settle(60, people.ANA_CELL)
    night()
    with statements() as seen:
        night()
    assert len(seen) <= 3
