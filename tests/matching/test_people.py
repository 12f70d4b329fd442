"""Whom a need may be put to, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from neighbourly.core import cells
from neighbourly.matching.people import (
    Candidate,
    Lead,
    Need,
    Person,
    best_leads,
    candidates,
    fitting,
    gate,
    in_order,
    reachable,
    turn_of,
)
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
        "said_no": False,
        "known": False,
        "gave": 0,
        "received": 0,
        "unkept": 0,
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


def candidate(someone: Person, **lead: object) -> Candidate:
    reason = Lead(
        **{"user_id": someone.user_id, "by": "interest", "offer_id": None, "category": "power-drills"}
        | {"cell": someone.cell}
        | lead
    )
    return Candidate(someone, None, fitting(NEED)(reason, turn_of(someone)))


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
        (person(said_no=True), Gate.SAID_NO),
        (person(last_asked_at=NOW - timedelta(hours=23)), Gate.ASKED_TODAY),
        (person(last_asked_at=NOW - timedelta(hours=24)), None),
        (person(quiet_from=time(0), quiet_to=time(23)), None),
    ],
)
def test_each_gate_keeps_someone_from_being_asked(someone, reason):
    assert gate(NEED, candidate(someone), NOW) is reason


def test_quiet_hours_do_not_exclude_but_delay():
    sleeper = person(quiet_from=time(18), quiet_to=time(20))
    assert reachable(NEED, [candidate(sleeper)], NOW)[0].quiet_until == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("hours", "reason"), [(1, Gate.OUT_OF_HOURS), (2, None)])
def test_who_wakes_after_the_need_has_passed_is_not_asked(hours, reason):
    sleeper = person(quiet_from=time(18), quiet_to=time(20))
    need = replace(NEED, needed_until=NOW + timedelta(hours=hours))
    assert gate(need, candidate(sleeper), NOW) is reason


@pytest.mark.parametrize(
    ("lead", "reason"),
    [
        ({"by": "offer", "category": "books", "like": 0.54}, Gate.UNLIKELY),
        ({"by": "offer", "category": "books", "like": None}, Gate.UNLIKELY),
        ({"by": "offer", "category": "books", "like": 0.55}, None),
        ({"by": "offer", "category": None, "like": 0.39}, Gate.UNLIKELY),
        ({"by": "offer", "category": None, "like": 0.4}, None),
        ({"by": "offer", "category": "books", "words": ("perceuse",)}, None),
        ({"by": "offer", "category": "saws"}, None),
    ],
)
def test_who_has_too_little_in_common_is_not_asked(lead, reason):
    assert gate(NEED, candidate(person(), **lead), NOW) is reason


@pytest.mark.parametrize(
    ("someone", "turn"),
    [
        (person(), 1.0),
        (person(asked_this_month=1), 0.5),
        (person(asked_this_month=2), 0.5),
        (person(asked_this_month=3), 0.0),
        (person(asked_this_month=3, received=2), 0.5),
        (person(asked_this_month=1, received=5, gave=3), 1.0),
        (person(asked_this_month=1, received=5, gave=4), 0.5),
        (person(received=9), 1.0),
    ],
)
def test_everyone_has_a_turn_and_who_mostly_receives_a_chance_to_give(someone, turn):
    assert turn_of(someone) == turn


def order(*people: Person) -> list[int]:
    shuffled = Random(7).sample(people, len(people))
    return [each.person.user_id.int for each in in_order(NEED, map(candidate, shuffled))]


def test_the_best_score_comes_first_nearness_and_turn_together():
    assert order(person(1, cell=CLEO_CELL), person(2, asked_this_month=9), person(3, cell=ANA_CELL)) == [3, 1, 2]


def test_who_left_two_exchanges_without_a_word_comes_last_and_it_is_no_part_of_the_score():
    kept, left = person(1, cell=CLEO_CELL, asked_this_month=9, unkept=1), person(2, cell=ANA_CELL, unkept=2)
    assert order(kept, left) == [1, 2]
    assert candidate(left).fit == candidate(replace(left, unkept=0)).fit


def test_people_one_has_exchanged_with_come_first_where_the_need_says_so():
    people = [person(1, cell=ANA_CELL), person(2, cell=CLEO_CELL, known=True)]
    first = {known: in_order(replace(NEED, known_first=known), map(candidate, people))[0] for known in (False, True)}
    assert {known: each.person.user_id.int for known, each in first.items()} == {False: 1, True: 2}


def test_of_very_many_leads_the_best_of_the_best_people_are_weighed():
    leads = [
        Lead(UUID(int=1), "offer", UUID(int=11), "books", CLEO_CELL, like=0.1),
        Lead(UUID(int=2), "offer", UUID(int=12), "power-drills", ANA_CELL),
        Lead(UUID(int=2), "offer", UUID(int=13), "saws", ANA_CELL),
        Lead(UUID(int=3), "offer", UUID(int=14), "power-drills", CLEO_CELL),
    ]
    assert {lead.offer_id.int for lead in best_leads(NEED, leads, 2)} == {12, 13, 14}


def test_among_equals_those_asked_least_come_first_then_those_asked_longest_ago():
    week_ago, yesterday = NOW - timedelta(days=7), NOW - timedelta(days=1)
    assert order(
        person(1, asked_this_month=2, last_asked_at=week_ago),
        person(2, asked_this_month=1, last_asked_at=yesterday),
        person(3, asked_this_month=1, last_asked_at=week_ago),
    ) == [3, 2, 1]
    newcomer, old_hand = person(4), person(5, last_asked_at=NOW - timedelta(days=60))
    assert order(old_hand, newcomer) == [4, 5], "who was never asked comes before who was long ago"


@pytest.mark.parametrize(("like", "first"), [(0.34, 2), (0.5, 1)])
def test_a_little_better_makes_nobody_first_and_a_good_deal_better_does(like, first):
    better = candidate(person(1, asked_this_month=1, received=2), by="offer", like=like)
    never_asked = candidate(person(2), by="offer", like=0.33)
    assert in_order(NEED, [better, never_asked])[0].person.user_id.int == first


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
        Lead(UUID(int=9), "interest", None, "tools", BOB_CELL),
        Lead(UUID(int=9), "offer", saw, "saws", BOB_CELL),
        Lead(UUID(int=9), "offer", drill, "power-drills", BOB_CELL, ("perceuse",)),
        Lead(UUID(int=8), "offer", UUID(int=102), "power-drills", BOB_CELL),
    ]
    found = candidates(NEED, leads, [person(9)])
    assert [(each.offer_id, each.fit.found) for each in found] == [(drill, "power-drills")]
