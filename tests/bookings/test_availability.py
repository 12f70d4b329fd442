"""When something can be had: weekly windows on a wall clock, closed days, and what others have (BOK-03, BOK-08)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.bookings.availability import Availability, Closed, Slot, Window, fits, free_slots, open_slots

PARIS = "Europe/Paris"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NONE = Availability((), (), PARIS)


def at(text: str) -> datetime:
    """A moment in UTC, `2026-11-23 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slot(begins: str, ends: str) -> Slot:
    return Slot(at(begins), at(ends))


def weekly(*windows: tuple[int, str, str], closed: tuple[Closed, ...] = ()) -> Availability:
    """Windows by weekday on the clocks of Paris."""
    made = (Window(day, time.fromisoformat(begins), time.fromisoformat(until)) for day, begins, until in windows)
    return Availability(tuple(made), closed, PARIS)


WEEK = slot("2026-11-23 00:00", "2026-11-30 00:00")


@pytest.mark.parametrize(
    ("availability", "span", "expected"),
    [
        (NONE, WEEK, [WEEK]),
        (weekly((0, "09:00", "12:00")), WEEK, [slot("2026-11-23 08:00", "2026-11-23 11:00")]),
        (
            weekly((0, "09:00", "12:00"), (0, "12:00", "14:00")),
            WEEK,
            [slot("2026-11-23 08:00", "2026-11-23 13:00")],
        ),
        (weekly((5, "22:00", "02:00")), WEEK, [slot("2026-11-28 21:00", "2026-11-29 01:00")]),
        (weekly((1, "00:00", "00:00")), WEEK, [slot("2026-11-23 23:00", "2026-11-24 23:00")]),
        (
            Availability((), (Closed(date(2026, 11, 24), date(2026, 11, 25)),), PARIS),
            WEEK,
            [slot("2026-11-23 00:00", "2026-11-23 23:00"), slot("2026-11-25 23:00", "2026-11-30 00:00")],
        ),
        (
            weekly((0, "22:00", "02:00"), closed=(Closed(date(2026, 11, 24), date(2026, 11, 24)),)),
            WEEK,
            [slot("2026-11-23 21:00", "2026-11-23 23:00")],
        ),
    ],
)
def test_windows_are_those_of_the_owners_clock(availability, span, expected):
    assert open_slots(availability, span) == expected


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-24", 24), ("2026-10-25", 25)],
)
def test_a_day_is_the_owners_also_when_the_clocks_change(day, hours):
    """BOK-03: a window over the whole day has 23 or 25 hours on the weekends of DST."""
    weekday = date.fromisoformat(day).weekday()
    around = Slot(at(day) - timedelta(days=2), at(day) + timedelta(days=2))
    (whole,) = open_slots(weekly((weekday, "00:00", "00:00")), around)
    assert whole.ends_at - whole.starts_at == timedelta(hours=hours)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change(day):
    around = Slot(at(day) - timedelta(days=2), at(day) + timedelta(days=2))
    (window,) = open_slots(weekly((6, "09:00", "18:00")), around)
    assert window == slot(f"{day} {'07' if '-03-' in day else '08'}:00", f"{day} {'16' if '-03-' in day else '17'}:00")


SHOP = weekly((0, "09:00", "12:00"), (4, "14:00", "18:00"))
"""Monday morning and Friday afternoon."""


@pytest.mark.parametrize(
    ("begins", "ends", "thing", "help"),
    [
        ("2026-11-23 08:00", "2026-11-23 11:00", True, True),
        ("2026-11-23 09:00", "2026-11-27 16:00", True, False),
        ("2026-11-23 07:59", "2026-11-23 10:00", False, False),
        ("2026-11-23 08:00", "2026-11-23 11:01", False, False),
        ("2026-11-23 11:00", "2026-11-27 14:00", False, False),
        ("2026-11-23 08:00", "2026-11-27 13:00", False, False),
    ],
)
def test_a_loan_begins_and_ends_within_windows_a_help_lies_in_one(begins, ends, thing, help):
    wanted = slot(begins, ends)
    assert fits(SHOP, wanted, throughout=False) is thing
    assert fits(SHOP, wanted, throughout=True) is help


def test_a_loan_touches_no_closed_day():
    shut = weekly(
        (0, "09:00", "12:00"), (4, "14:00", "18:00"), closed=(Closed(date(2026, 11, 25), date(2026, 11, 25)),)
    )
    assert not fits(shut, slot("2026-11-23 09:00", "2026-11-27 16:00"), throughout=False)
    assert fits(shut, slot("2026-11-23 09:00", "2026-11-23 10:00"), throughout=False)


def test_each_copy_shows_its_longest_stretches():
    lent = [slot("2026-11-24 10:00", "2026-11-25 10:00")]
    assert free_slots(NONE, WEEK, [lent]) == [
        slot("2026-11-23 00:00", "2026-11-24 10:00"),
        slot("2026-11-25 10:00", "2026-11-30 00:00"),
    ]
    assert free_slots(NONE, WEEK, [lent, []]) == [WEEK]
    assert free_slots(NONE, WEEK, []) == []


def test_the_pause_is_kept_before_the_next_loan_also_before_one_that_lies_after_the_span():
    pause = timedelta(hours=2)
    after_the_span = [slot("2026-11-30 01:00", "2026-12-01 00:00")]
    assert free_slots(NONE, WEEK, [after_the_span], pause=pause) == [slot("2026-11-23 00:00", "2026-11-29 23:00")]


@st.composite
def slots(draw):
    """A stretch of the week."""
    begins = draw(st.integers(0, 7 * 24 - 1))
    return Slot(MONDAY + timedelta(hours=begins), MONDAY + timedelta(hours=draw(st.integers(begins + 1, 7 * 24))))


@st.composite
def availabilities(draw):
    """Windows and closed days of a week."""
    times = st.sampled_from(["00:00", "06:00", "09:30", "12:00", "18:00", "23:00"])
    windows = draw(st.lists(st.tuples(st.integers(0, 6), times, times), max_size=4))
    closed = draw(st.lists(st.dates(date(2026, 11, 22), date(2026, 11, 30)), max_size=2))
    return weekly(*windows, closed=tuple(Closed(each, each) for each in closed))


@given(availabilities(), st.lists(st.lists(slots(), max_size=3), max_size=3), st.integers(0, 5))
def test_a_slot_shown_as_free_fits_the_owner_and_meets_nobody(availability, taken, pause_hours):
    """BOK-08: the whole of it is within the owner's hours, and with its pause overlaps nothing on one of the copies."""
    pause = timedelta(hours=pause_hours)
    for shown in free_slots(availability, WEEK, taken, pause=pause):
        assert fits(availability, shown, throughout=False)
        held = Slot(shown.starts_at, shown.ends_at + pause)
        assert any(
            all(each.ends_at <= held.starts_at or held.ends_at <= each.starts_at for each in copy) for copy in taken
        )


@given(availabilities(), slots())
def test_the_calendar_hides_nothing(availability, wanted):
    """Without other loans, whatever fits the owner lies within a slot that is shown."""
    if fits(availability, wanted, throughout=False):
        assert any(each.holds(wanted) for each in free_slots(availability, WEEK, [[]]))
