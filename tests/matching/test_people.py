"""Whom a need may be put to, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from neighbourly.core import cells
from neighbourly.matching.people import Candidate, Lead, Need, Person, candidates, fit_of, gate, in_order, reachable
from neighbourly.matching.rule import Gate
from tests.people import ANA_CELL, BOB_CELL, CLEO_CELL

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
NEED = Need(UUID(int=1), UUID(int=2), "item", "power-drills", ("perceuse",), ANA_CELL, 2000)


def person(number: int = 9, **given: object) -> Person:
    usual = {
        "cell": BOB_CELL,
        "active": True,
        "blocked": False,
        "asked": False,
        "answered": False,
        "reach_m": 2000,
        "away_until": None,
        "asks_per_week": 3,
        "asked_this_week": 0,
        "asked_this_month": 0,
        "last_asked_at": None,
        "quiet_from": None,
        "quiet_to": None,
        "time_zone": "Europe/Paris",
    }
    return Person(user_id=UUID(int=number), **usual | given)  # type: ignore[arg-type]


def candidate(someone: Person) -> Candidate:
    lead = Lead(someone.user_id, "interest", None, "power-drills")
    return Candidate(someone, None, fit_of(NEED, lead, someone.cell))


@pytest.mark.parametrize(
    ("someone", "reason"),
    [
        (person(), None),
        (person(2), Gate.OWN_NEED),
        (person(active=False), Gate.NOT_ACTIVE),
        (person(blocked=True), Gate.BLOCKED),
        (person(cell=cells.snap(43.63, 1.448), reach_m=50_000), Gate.TOO_FAR),
        (person(cell=CLEO_CELL, reach_m=1000), Gate.OUT_OF_REACH),
        (person(cell=CLEO_CELL), None),
        (person(away_until=NOW + timedelta(seconds=1)), Gate.AWAY),
        (person(away_until=NOW), None),
        (person(asks_per_week=0), Gate.ASKED_ENOUGH),
        (person(asked_this_week=3), Gate.ASKED_ENOUGH),
        (person(asked_this_week=2), None),
        (person(asked=True), Gate.ALREADY_ASKED),
        (person(answered=True), Gate.ANSWERED),
        (person(quiet_from=time(0), quiet_to=time(23)), None),
    ],
)
def test_each_gate_keeps_someone_from_being_asked(someone, reason):
    assert gate(NEED, candidate(someone), NOW) is reason


def test_quiet_hours_do_not_exclude_but_delay():
    sleeper = person(quiet_from=time(18), quiet_to=time(20))
    assert reachable([candidate(sleeper)], NOW)[0].quiet_until == NOW + timedelta(hours=1)


def order(*people: Person) -> list[int]:
    shuffled = Random(7).sample(people, len(people))
    return [each.person.user_id.int for each in in_order(NEED, map(candidate, shuffled))]


def test_the_nearest_come_first_whatever_they_were_asked():
    assert order(person(1, cell=CLEO_CELL), person(2, asked_this_month=9), person(3, cell=ANA_CELL)) == [3, 2, 1]


def test_among_equals_those_asked_least_come_first_then_those_asked_longest_ago():
    week_ago, yesterday = NOW - timedelta(days=7), NOW - timedelta(days=1)
    assert order(
        person(1, asked_this_month=2, last_asked_at=week_ago),
        person(2, asked_this_month=1, last_asked_at=yesterday),
        person(3, asked_this_month=1, last_asked_at=week_ago),
        person(4),
    ) == [4, 3, 2, 1]


def test_a_few_metres_make_nobody_first():
    near = sorted(cells.rings(ANA_CELL, 1) - {ANA_CELL}, key=lambda cell: cells.metres_between(ANA_CELL, cell))
    nearest, farther = near[0], near[-1]
    assert 0 < cells.metres_between(ANA_CELL, farther) - cells.metres_between(ANA_CELL, nearest) < 50
    assert order(person(1, cell=nearest, asked_this_month=1), person(2, cell=farther)) == [2, 1]


def test_an_older_account_draws_no_better_lot():
    firsts = {
        in_order(Need(uuid4(), *list(vars(NEED).values())[1:]), map(candidate, [person(1), person(2)]))[
            0
        ].person.user_id
        for _ in range(40)
    }
    assert firsts == {UUID(int=1), UUID(int=2)}


def test_the_same_lot_is_drawn_each_time():
    people = [person(number) for number in range(10, 30)]
    assert order(*people) == order(*reversed(people))


def test_a_person_counts_once_by_the_best_reason():
    saw, drill = UUID(int=100), UUID(int=101)
    leads = [
        Lead(UUID(int=9), "interest", None, "tools"),
        Lead(UUID(int=9), "offer", saw, "saws"),
        Lead(UUID(int=9), "offer", drill, "power-drills", ("perceuse",)),
        Lead(UUID(int=8), "offer", UUID(int=102), "power-drills"),
    ]
    found = candidates(NEED, leads, [person(9)])
    assert [(each.offer_id, each.fit.found) for each in found] == [(drill, "power-drills")]
