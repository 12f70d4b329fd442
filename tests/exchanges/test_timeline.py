"""What time brings to an exchange: tables of reminders, questions and ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.exchanges.models import STATES
from neighbourly.exchanges.timeline import ENDS, due, next_look_at, proposal_expires_at, schedule

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def on(days: float) -> datetime:
    """So many days after the proposal."""
    return NOON + timedelta(days=days)


THIRD, TENTH, TWELFTH = on(3), on(10), on(12)


@dataclass(frozen=True)
class Moment:
    """An exchange proposed at noon for two days from the tenth day on."""

    state: str
    kind: str = "loan"
    created_at: datetime = NOON
    starts_at: datetime = TENTH
    ends_at: datetime | None = TWELFTH
    expires_at: datetime | None = THIRD
    done_at: datetime | None = TENTH
    consented_minutes: int | None = 60
    disputed_from: str | None = None
    looked_at: datetime = NOON


def steps(moment: Moment) -> list[tuple[str, int, float]]:
    """What will come, with its number and on which day."""
    return [(each.step.value, each.number, (each.at - NOON) / timedelta(days=1)) for each in schedule(moment)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (Moment("proposed"), [("proposal", 1, 1), ("expire", 1, 3)]),
        (Moment("proposed", expires_at=on(0.5)), [("expire", 1, 0.5)]),
        (Moment("accepted"), [("hand_over", 1, 9), ("took_place", 1, 11), ("no_word", 1, 19)]),
        (
            Moment("accepted", kind="gift", ends_at=None),
            [("hand_over", 1, 9), ("took_place", 1, 11), ("no_word", 1, 17)],
        ),
        (
            Moment("handed_over"),
            [("return", 1, 11), ("late", 1, 12), ("overdue", 1, 13), ("overdue", 3, 15), ("overdue", 7, 19)],
        ),
        (Moment("handed_over", kind="gift", ends_at=None), []),
        (Moment("disputed", disputed_from="handed_over"), [("late", 1, 12)]),
        (Moment("disputed", disputed_from="returned"), []),
        (Moment("done", kind="help"), [("confirm", 1, 12), ("confirm", 2, 15), ("confirm_by_itself", 1, 17)]),
        *((Moment(state), []) for state in STATES if state not in ("proposed", "accepted", "handed_over", "done")),
    ],
)
def test_what_each_state_will_bring(moment, expected):
    assert steps(moment) == expected


@pytest.mark.parametrize(
    ("begins_in", "waits_for"),
    [
        (timedelta(days=10), timedelta(hours=72)),
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(), timedelta(hours=1)),
    ],
)
def test_a_proposal_waits_72_hours_or_until_it_would_begin_and_an_hour_at_least(begins_in, waits_for):
    assert proposal_expires_at(NOON, NOON + begins_in) == NOON + waits_for


@pytest.mark.parametrize(
    ("moment", "now", "expected"),
    [
        (Moment("handed_over", looked_at=on(11.5)), on(12.5), [("late", 1)]),
        (Moment("handed_over", looked_at=on(11.5)), on(16), [("late", 1), ("overdue", 3)]),
        (Moment("accepted", looked_at=on(8)), on(30), [("no_word", 1)]),
        (Moment("accepted", looked_at=on(11)), on(11), []),
        (Moment("proposed"), on(1), [("proposal", 1)]),
        (Moment("proposed", looked_at=on(1)), on(1), []),
    ],
)
def test_after_a_pause_the_latest_of_each_kind_is_done_and_an_end_stands_alone(moment, now, expected):
    assert [(each.step.value, each.number) for each in due(moment, now)] == expected


@given(state=st.sampled_from(STATES), kind=st.sampled_from(("loan", "help")), hours=st.lists(st.integers(1, 100)))
def test_however_often_time_looks_nothing_happens_twice_and_no_end_is_missed(state, kind, hours):
    moment, now, happened = Moment(state, kind=kind), NOON, []
    for pause in [*hours, 1000]:
        now += timedelta(hours=pause)
        happened += due(moment, now)
        moment = replace(moment, looked_at=now)
    assert len(happened) == len(set(happened))
    assert {each for each in schedule(moment) if each.step in ENDS} <= set(happened)
    assert next_look_at(moment) is None
