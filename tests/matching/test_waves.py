"""The wave planner, case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from neighbourly.matching.waves import Decision, Habits, Reachable, Standing, pause, plan, wanted_yeses, wave_size

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
IN_TEN = NOW + timedelta(minutes=10)
MORNING = NOW + timedelta(hours=13)


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


def awake(*numbers: int) -> list[Reachable]:
    return [Reachable(each) for each in ids(*numbers)]


def asleep(*numbers: int, until: datetime = MORNING) -> list[Reachable]:
    return [Reachable(each, until) for each in ids(*numbers)]


def standing(**given: object) -> Standing:
    first = {"waves": 0, "last_wave_at": None, "yeses": 0, "helpers_needed": 1, "needed_until": None}
    return Standing(**first | given)  # type: ignore[arg-type]


ONE_WAVE = {"waves": 1, "last_wave_at": NOW - timedelta(minutes=10)}


@pytest.mark.parametrize(("number", "size"), [(1, 5), (2, 10), (3, 20), (4, 40)])
def test_each_wave_is_twice_the_last(number, size):
    assert wave_size(standing(waves=number - 1), NOW) == size


@pytest.mark.parametrize(
    ("habits", "yeses", "size"),
    [
        (Habits(19, 1), 0, 5),
        (Habits(20, 20), 0, 3),
        (Habits(100, 50), 0, 6),
        (Habits(100, 50), 1, 4),
        (Habits(100, 5), 0, 10),
        (Habits(100, 0), 0, 10),
    ],
)
def test_the_first_wave_is_as_large_as_the_yeses_take_where_that_is_known(habits, yeses, size):
    assert wave_size(standing(habits=habits, yeses=yeses), NOW) == size


@pytest.mark.parametrize(
    ("habits", "minutes"),
    [
        (Habits(), 10),
        (Habits(19, 9, 25), 10),
        (Habits(100, 9, 25), 25),
        (Habits(100, 9, 1), 5),
        (Habits(100, 9, 600), 30),
        (Habits(100, 0, None), 10),
    ],
)
def test_the_pause_is_as_long_as_answers_take_where_that_is_known(habits, minutes):
    assert pause(standing(habits=habits), NOW) == timedelta(minutes=minutes)


def test_what_is_needed_within_three_hours_is_asked_of_twice_as_many_with_half_the_pause():
    soon, later = (standing(needed_from=NOW + timedelta(hours=hours)) for hours in (3, 4))
    assert (wave_size(soon, NOW), pause(soon, NOW)) == (10, timedelta(minutes=5))
    assert (wave_size(later, NOW), pause(later, NOW)) == (5, timedelta(minutes=10))


def unlikely(*numbers: int) -> list[Reachable]:
    return [Reachable(each, likely=False) for each in ids(*numbers)]


@pytest.mark.parametrize(("likely", "asked"), [(2, 5), (3, 3), (4, 4), (9, 5)])
def test_three_likely_people_make_a_wave_of_their_own(likely, asked):
    decision = plan(standing(), awake(*range(likely)) + unlikely(*range(20, 30)), NOW)
    assert len(decision.ask) == asked


def test_the_circle_is_asked_alone_before_all_others_and_waited_for_while_it_sleeps():
    known = [Reachable(each, first=True) for each in ids(1, 2)]
    assert plan(standing(), known + awake(3, 4), NOW).ask == ids(1, 2)
    sleeping = [Reachable(ids(1)[0], MORNING, first=True)]
    assert plan(standing(), sleeping + awake(3, 4), NOW) == Decision("waiting", (), MORNING)
    assert plan(standing(), awake(3, 4), NOW).ask == ids(3, 4)


@pytest.mark.parametrize(("helpers", "yeses"), [(1, 3), (2, 4), (5, 7)])
def test_three_yeses_are_enough_or_two_more_than_the_helpers(helpers, yeses):
    assert wanted_yeses(helpers) == yeses


@pytest.mark.parametrize(
    ("how_it_stands", "reachable", "decision"),
    [
        pytest.param({}, awake(1, 2), Decision("asking", ids(1, 2), IN_TEN), id="few: all of them"),
        pytest.param({}, awake(*range(9)), Decision("asking", ids(*range(5)), IN_TEN), id="many: the first five"),
        pytest.param(
            ONE_WAVE, awake(*range(30)), Decision("asking", ids(*range(10)), IN_TEN), id="the second wave: ten"
        ),
        pytest.param(
            {"waves": 1, "last_wave_at": NOW - timedelta(minutes=4)},
            awake(1),
            Decision("asking", (), NOW + timedelta(minutes=6)),
            id="too early: the pause goes on",
        ),
        pytest.param(
            {"waves": 1, "last_wave_at": NOW - timedelta(minutes=4)},
            [],
            Decision("asking", (), NOW + timedelta(minutes=6)),
            id="all were asked: they have the time to answer",
        ),
        pytest.param({}, [], Decision("exhausted"), id="nobody at all"),
        pytest.param(ONE_WAVE, [], Decision("exhausted"), id="nobody left"),
        pytest.param(ONE_WAVE | {"yeses": 3}, awake(1), Decision("enough"), id="three yeses"),
        pytest.param(ONE_WAVE | {"yeses": 2}, awake(1), Decision("asking", ids(1), IN_TEN), id="two are not enough"),
        pytest.param(
            ONE_WAVE | {"yeses": 3, "helpers_needed": 2},
            awake(1),
            Decision("asking", ids(1), IN_TEN),
            id="three are too few where two must come",
        ),
        pytest.param({"yeses": 3}, [], Decision("enough"), id="enough without being asked"),
        pytest.param({}, asleep(1, 2), Decision("waiting", (), MORNING), id="all in quiet hours: wait"),
        pytest.param(ONE_WAVE, asleep(1), Decision("asking", (), MORNING), id="those left in quiet hours: wait"),
        pytest.param(
            {},
            [*asleep(1), *asleep(2, until=NOW + timedelta(hours=2))],
            Decision("waiting", (), NOW + timedelta(hours=2)),
            id="until the first of them wakes",
        ),
        pytest.param(
            {},
            [*asleep(1), *awake(2), *asleep(3), *awake(4)],
            Decision("asking", ids(2, 4), IN_TEN),
            id="those awake are asked, the others later",
        ),
        pytest.param({"needed_until": NOW}, awake(1), Decision("stopped"), id="the need is over"),
        pytest.param(
            {"needed_until": NOW + timedelta(hours=1)},
            asleep(1),
            Decision("exhausted"),
            id="they wake when it is too late",
        ),
        pytest.param(
            {"needed_until": NOW + timedelta(hours=1)},
            awake(1),
            Decision("asking", ids(1), IN_TEN),
            id="there is still time",
        ),
    ],
)
def test_the_planner_decides(how_it_stands, reachable, decision):
    assert plan(standing(**how_it_stands), reachable, NOW) == decision
