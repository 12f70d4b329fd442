"""What time brings to an exchange: tables of reminders, questions and ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.exchanges.models import STATES
from neighbourly.exchanges.timeline import ENDS, due, next_look_at, proposal_expires_at, schedule
from neighbourly.preferences.models import Preferences

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
    awaiting: str | None = None
    accepted_at: datetime | None = NOON
    handed_over_at: datetime | None = TENTH
    extend_to: datetime | None = None
    done_at: datetime | None = TENTH
    consented_minutes: int | None = 60
    disputed_from: str | None = None
    disputed_at: datetime | None = TENTH
    waits_since: datetime | None = None
    looked_at: datetime = NOON


def steps(moment: Moment) -> list[tuple[str, int, float]]:
    """What will come, with its number and on which day; of what recurs the first time."""
    return [(each.step.value, each.number, (each.at - NOON) / timedelta(days=1)) for each in schedule(moment, NOON)]


LATE = [("late", 1, 12), ("overdue", 1, 13), ("overdue", 3, 15), ("overdue", 7, 19), ("not_back", 1, 12 + 364)]
UNSETTLED = [("dispute", 3, 13), ("dispute", 7, 17), ("moderators", 14, 24)]
IDLE = [state for state in STATES if state not in ("proposed", "accepted", "handed_over", "done", "disputed")]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (Moment("proposed"), [("proposal", 1, 1), ("expire", 1, 3)]),
        (Moment("proposed", expires_at=on(0.5)), [("proposal", 1, 0.375), ("expire", 1, 0.5)]),
        (Moment("accepted"), [("hand_over", 1, 9), ("took_place", 1, 11), ("no_word", 1, 19)]),
        (
            Moment("accepted", kind="gift", ends_at=None),
            [("hand_over", 1, 9), ("took_place", 1, 11), ("no_word", 1, 17)],
        ),
        (
            Moment("accepted", kind="gift", ends_at=None, accepted_at=on(30)),
            [("took_place", 1, 31), ("no_word", 1, 37)],
        ),
        (Moment("handed_over"), [("return", 1, 11.5), *LATE]),
        (Moment("handed_over", handed_over_at=on(2)), [("return", 1, 11), *LATE]),
        (Moment("handed_over", kind="gift", ends_at=None), []),
        (Moment("disputed", disputed_from="handed_over"), [("late", 1, 12), *UNSETTLED]),
        (Moment("disputed", disputed_from="returned"), UNSETTLED),
        (Moment("disputed", kind="help", disputed_from="done"), UNSETTLED),
        (
            Moment("disputed", disputed_from="returned", awaiting="giver", waits_since=on(11)),
            [("settlement", 1, 12), *UNSETTLED],
        ),
        (Moment("done", kind="help"), [("confirm", 1, 12), ("confirm", 2, 15), ("confirm_by_itself", 1, 17)]),
        (
            Moment("done", kind="help", consented_minutes=None),
            [*(("confirm", n, 10 + d) for n, d in enumerate((2, 5, 7, 14, 21, 28), 1)), ("no_word", 1, 45)],
        ),
        *((Moment(state), []) for state in IDLE),
    ],
)
def test_what_each_state_will_bring(moment, expected):
    """NOT-02."""
    assert steps(moment) == expected


@pytest.mark.parametrize(
    ("length", "before"),
    [
        (timedelta(minutes=30), timedelta(minutes=15)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(hours=5), timedelta(minutes=75)),
        (timedelta(days=1), timedelta(hours=6)),
        (timedelta(days=4), timedelta(days=1)),
        (timedelta(days=90), timedelta(days=1)),
    ],
)
@pytest.mark.parametrize(
    ("made", "step"),
    [
        (lambda length: Moment("accepted", accepted_at=TENTH - length), "hand_over"),
        (lambda length: Moment("handed_over", handed_over_at=TWELFTH - length), "return"),
        (lambda length: Moment("handed_over", handed_over_at=on(-9), waits_since=TWELFTH - length), "return"),
    ],
)
def test_a_reminder_comes_a_quarter_of_the_time_before_an_hour_at_least_and_a_day_at_most(made, step, length, before):
    """NOT-02: of a hand-over and a return, to both, whatever went before: agreed, handed over late, or extended."""
    moment = replace(made(length), created_at=on(-100))
    (reminder,) = [each for each in schedule(moment, NOON) if each.step == step]
    until = TENTH if step == "hand_over" else TWELFTH
    assert (until - reminder.at, set(reminder.sides)) == (before, {"giver", "receiver"})


PARIS = {"time_zone": "Europe/Paris", "quiet_from": time(22), "quiet_to": time(8)}
"""Quiet from 21:00 UTC to 07:00 UTC."""


def at(day: int, hour: float) -> datetime:
    """That hour (UTC) of a day of November."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (at(20, 15), at(21, 7), at(20, 20)),
        (at(20, 15), at(21, 7.5), at(20, 20)),
        (at(20, 15), at(21, 12), at(21, 6.75)),
        (at(20, 20.5), at(21, 7), at(20, 20.75)),
        (at(20, 21.5), at(21, 7), at(21, 4.625)),
        (at(20, 12), at(20, 20), at(20, 18)),
    ],
)
def test_what_quiet_hours_would_hold_until_it_is_too_late_is_said_in_the_evening_before(since, until, told):
    """NOT-02: due when it is quiet, or at its end, is told an hour before it begins, to who has quiet hours."""
    moment = Moment("handed_over", created_at=since, handed_over_at=since, ends_at=until)
    reminders = schedule(moment, since, {"giver": Preferences(**PARIS)})
    moments = {side: each.at for each in reminders if each.step == "return" for side in each.sides}
    length = until - since
    assert moments == {"giver": told, "receiver": until - max(timedelta(hours=1), length / 4)}


@pytest.mark.parametrize(
    ("asked_at", "until", "again"),
    [
        (at(20, 18), at(21, 8), at(21, 4.5)),
        (at(20, 18), at(21, 7.5), at(20, 20)),
        (at(20, 20), at(21, 7), at(20, 20.5)),
        (at(20, 8), at(23, 8), at(21, 8)),
        (at(20, 3), at(23, 3), at(21, 3)),
    ],
)
def test_an_answer_that_is_wanted_in_the_morning_is_asked_for_again_in_the_evening(asked_at, until, again):
    """NOT-02: a proposal, a wish to extend; what can wait for the morning does."""
    proposed = Moment("proposed", awaiting="giver", created_at=asked_at, expires_at=until)
    loan = {
        "created_at": asked_at,
        "handed_over_at": asked_at,
        "ends_at": until,
        "extend_to": until + timedelta(days=9),
    }
    wish = Moment("handed_over", awaiting="giver", waits_since=asked_at, **loan)
    for moment, step in ((proposed, "proposal"), (wish, "extension")):
        first = next(each for each in schedule(moment, asked_at, {"giver": Preferences(**PARIS)}) if each.step == step)
        assert first.at == again


def test_who_has_no_hour_that_is_not_quiet_is_reminded_when_it_is_time():
    nowhere = {"giver": Preferences(time_zone="Etc/UTC", quiet_from=time(12, 1), quiet_to=time(12))}
    (reminder,) = [each for each in schedule(Moment("handed_over"), NOON, nowhere) if each.step == "return"]
    assert reminder.sides == ("giver", "receiver")


@pytest.mark.parametrize(
    ("asked_at", "extend_to", "reminders", "ends"),
    [
        (TENTH, on(20), [11, 11.5], 23),
        (on(11.5), on(13), [11.875, 11.875], 16),
        (on(15), on(19), [16], 22),
        (on(15), on(15.5), [15.375], 18.5),
    ],
)
def test_an_owner_is_reminded_of_a_wish_and_a_wish_ends(asked_at, extend_to, reminders, ends):
    """NOT-02: a day later or sooner, and when the return is near; three days after the wished end it is over."""
    moment = Moment("handed_over", extend_to=extend_to, awaiting="giver", waits_since=asked_at)
    of_wish = [each for each in schedule(moment, NOON) if each.step in ("extension", "wish_lapses")]
    days = [(each.at - NOON) / timedelta(days=1) for each in of_wish]
    assert (days[:-1], days[-1]) == (reminders, ends)
    assert {each.sides for each in of_wish[:-1]} == {("giver",)}
    assert {each.sides for each in schedule(moment, NOON) if each.step == "return"} <= {("receiver",)}


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
        (Moment("handed_over", looked_at=on(11.5)), on(200), [("late", 1), ("overdue", 182)]),
        (Moment("handed_over", looked_at=on(200)), on(200), []),
        (Moment("handed_over", looked_at=on(200)), on(201), [("overdue", 189)]),
        (Moment("handed_over", looked_at=on(300)), on(400), [("not_back", 1)]),
        (Moment("handed_over", looked_at=on(400)), on(401), [("not_back", 1)]),
        (Moment("disputed", looked_at=on(10)), on(18), [("dispute", 7)]),
        (Moment("disputed", looked_at=on(24)), on(100), [("moderators", 70)]),
        (Moment("disputed", looked_at=on(10)), on(25), [("moderators", 14)]),
        (Moment("handed_over", looked_at=on(11)), on(11.8), [("return", 1)]),
        (Moment("handed_over", looked_at=on(11)), on(12), [("late", 1)]),
        (Moment("accepted", looked_at=on(8)), on(9.5), [("hand_over", 1)]),
        (Moment("accepted", looked_at=on(8)), on(11.5), [("took_place", 1)]),
        (Moment("handed_over", extend_to=on(14), looked_at=on(300)), on(300), [("wish_lapses", 1)]),
        (Moment("accepted", looked_at=on(8)), on(30), [("no_word", 1)]),
        (Moment("accepted", looked_at=on(11)), on(11), []),
        (Moment("proposed"), on(1), [("proposal", 1)]),
        (Moment("proposed", looked_at=on(1)), on(1), []),
    ],
)
def test_after_a_pause_the_latest_of_each_kind_is_done_and_an_end_stands_alone(moment, now, expected):
    assert [(each.step.value, each.number) for each in due(moment, now)] == expected


@given(
    state=st.sampled_from(STATES), kind=st.sampled_from(("loan", "help")), hours=st.lists(st.integers(1, 100)), more=...
)
def test_however_often_time_looks_nothing_happens_twice_and_no_end_is_missed(
    state: str, kind: str, hours: list[int], more: bool
):
    """An end changes the state: it is due until then, and only once after."""
    first = Moment(state, kind=kind, consented_minutes=60 if more else None)
    moment, now, happened = first, NOON, []
    for pause in [*hours, 10_000]:
        now += timedelta(hours=pause)
        found = due(moment, now)
        happened += found
        if {each.step for each in found} & ENDS:
            moment = Moment("cancelled")
        moment = replace(moment, looked_at=now)
    assert len(happened) == len(set(happened))
    assert {each for each in schedule(first, NOON) if each.step in ENDS} <= set(happened)
    assert (next_look_at(moment) is None) is (state != "disputed")


@pytest.mark.parametrize("hours", [1, 30, 24 * 9, 24 * 40, 24 * 400])
def test_of_what_recurs_the_next_is_always_to_come(hours):
    """NOT-02: a dispute is never forgotten."""
    moment = Moment("disputed", looked_at=NOON + timedelta(hours=hours))
    assert next_look_at(moment) > moment.looked_at
    assert next_look_at(moment) - moment.looked_at <= timedelta(days=28)
