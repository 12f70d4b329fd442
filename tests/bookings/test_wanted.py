"""Whether a listing can be had, as SQL asks it: the same rule as in Python, also on the days when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from neighbourly.bookings import selectors
from neighbourly.bookings.availability import Slot, fits
from neighbourly.bookings.wanted import AT_PRESENT, CAN_BE_HAD, CAN_BE_HAD_FOR_A_WHILE, WANTED
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.preferences.models import Preferences
from tests import draws
from tests.factories.listings import offer

SPRING, AUTUMN = datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)
"""Sundays on which the clocks of Europe change, at one o'clock in UTC."""


def window(weekday: int, begins: str, until: str) -> dict[str, int | str]:
    return {"weekday": weekday, "from": begins, "to": until}


def asked(condition, listing: Listing, begins: datetime, hours: float) -> bool:
    """What the database answers for that time."""
    during = Range(begins, begins + timedelta(hours=hours), bounds="[)" if hours else "[]")
    found = select(Listing.id).where(Listing.id == listing.id, condition)
    return db.session.scalar(found, {WANTED: during, AT_PRESENT: clock.now()}) is not None


CLOCK = st.sampled_from(["00:00", "00:30", "01:00", "02:00", "02:30", "03:00", "12:00"])
AROUND = st.lists(st.tuples(st.sampled_from([5, 6, 6, 6]), CLOCK, CLOCK), min_size=1, max_size=2)
HALF_HOURS = st.lists(st.tuples(st.integers(-6, 12), st.integers(1, 8)), min_size=5, max_size=8)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Atlantic/Azores"])
@pytest.mark.parametrize("change", [SPRING, AUTUMN])
@pytest.mark.parametrize("kind", ["item", "skill"])
@given(windows=AROUND, spans=HALF_HOURS, closed=st.booleans())
@settings(
    max_examples=draws.examples(30),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_both_ways_of_asking_give_one_answer_in_the_night_of_the_change(
    ana, zone, change, kind, windows, spans, closed
):
    """BOK-03, BOK-08: in the hour that is missing and in the one that comes twice."""
    thing = offer(ana, kind=kind, category=None, availability=[window(*each) for each in windows])
    db.session.get_one(Preferences, ana.id).time_zone = zone
    day = change.date().isoformat()
    thing.unavailable = [{"from": day, "until": day}] if closed else []
    db.session.flush()
    availability = selectors.availability_of(thing)
    for begins, length in spans:
        starts_at = change + timedelta(minutes=30 * begins)
        slot = Slot(starts_at, starts_at + timedelta(minutes=30 * length))
        in_python = fits(availability, slot, throughout=kind != "item")
        assert asked(CAN_BE_HAD, thing, starts_at, length / 2) == in_python, (slot, windows)


def test_a_window_that_the_clocks_leave_out_breaks_no_search(as_, ana, cleo):
    """BOK-03: 02:30 does not come on that day."""
    odd = [window(6, "02:30", "03:00")]
    lesson, drill = offer(ana, "Cours d'anglais", kind="skill", category=None, availability=odd), offer(ana)
    for hours in range(-4, 8):
        begins = SPRING + timedelta(hours=hours)
        span = {"available_from": begins.isoformat(), "available_until": (begins + timedelta(hours=2)).isoformat()}
        answer = as_(cleo).get("/v1/listings", query_string=span)
        assert answer.status_code == 200, answer.json
        assert [each["id"] for each in answer.json["items"]] == [str(drill.id)]
    assert asked(CAN_BE_HAD, lesson, SPRING + timedelta(days=7, minutes=30), 0.5), "it comes a week later"


SUNDAY = datetime(2027, 6, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("availability", "closed", "hours", "expected"),
    [
        ([], [], 1, True),
        ([], [("2027-06-06", "2027-06-06")], 1, False),
        ([], [("2027-06-06", "2027-06-06")], 24, True),
        ([], [("2027-06-01", "2027-06-06"), ("2027-06-07", "2027-06-30")], 24 * 10, False),
        ([window(2, "09:00", "12:00")], [], 24, False),
        ([window(2, "09:00", "12:00")], [], 24 * 7, True),
        ([window(2, "09:00", "12:00")], [("2027-06-09", "2027-06-09")], 24 * 7, False),
        ([window(2, "09:00", "12:00")], [("2027-06-09", "2027-06-09")], 24 * 14, True),
        ([window(4, "22:00", "11:00")], [], 1, False),
        ([window(5, "22:00", "11:00")], [], 1, True),
        ([window(6, "18:00", "19:00")], [], 1, True),
        ([window(6, "18:00", "19:00")], [], 0, True),
    ],
)
def test_what_its_owner_closed_for_the_whole_time_cannot_be_had_for_a_while(ana, availability, closed, hours, expected):
    """A day that is open is enough; which hour of it is left to be agreed."""
    unavailable = [{"from": first, "until": last} for first, last in closed]
    thing = offer(ana, no_expiry=True, availability=availability, unavailable=unavailable)
    assert asked(CAN_BE_HAD_FOR_A_WHILE, thing, SUNDAY, hours) is expected


@given(
    windows=st.lists(st.tuples(st.integers(0, 6), CLOCK, CLOCK), max_size=2),
    closed=st.lists(st.integers(5, 9), max_size=2),
    span=st.tuples(st.integers(-30, 60), st.integers(1, 60)),
)
@settings(
    max_examples=draws.examples(40),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_can_be_had_for_all_of_a_time_can_be_had_for_a_while(ana, windows, closed, span):
    thing = offer(ana, availability=[window(*each) for each in windows])
    thing.unavailable = [{"from": f"2027-06-0{day}", "until": f"2027-06-0{day}"} for day in closed]
    db.session.flush()
    begins = SUNDAY + timedelta(hours=span[0])
    if asked(CAN_BE_HAD, thing, begins, span[1]):
        assert asked(CAN_BE_HAD_FOR_A_WHILE, thing, begins, span[1])
