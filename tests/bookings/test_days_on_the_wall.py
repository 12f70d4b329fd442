"""BOK-03: lengths in days are counted on the owner's wall clock, wherever they are asked for, by one rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from neighbourly.bookings.availability import Slot
from neighbourly.bookings.errors import LoanTooLong
from neighbourly.bookings.selectors import find_next_free
from neighbourly.bookings.service import check_length
from neighbourly.bookings.wall_clock import Length, days_after, end_after, length_between
from neighbourly.bookings.wanted import AT_PRESENT, CAN_BE_HAD, WANTED
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.preferences.models import Preferences
from tests import draws
from tests.factories.exchanges import agree, propose
from tests.factories.listings import offer

PARIS = ZoneInfo("Europe/Paris")
AUTUMN, SPRING, SUMMER = (datetime(2027, *day, 18, tzinfo=PARIS) for day in ((10, 30), (3, 27), (6, 5)))
"""Saturdays at six in the evening: before a day of 25 hours, of 23, and of 24."""
CHANGES = {
    "Europe/Paris": (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)),
    "Atlantic/Azores": (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 11, 7, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2027, 4, 3, 15, tzinfo=UTC), datetime(2027, 10, 2, 15, 30, tzinfo=UTC)),
    "Africa/Cairo": (datetime(2027, 4, 29, 22, tzinfo=UTC), datetime(2027, 10, 28, 21, tzinfo=UTC)),
    "Asia/Tokyo": (SPRING.astimezone(UTC), AUTUMN.astimezone(UTC)),
}
"""Two moments at which the clocks change, where they do: by an hour, by half of one, at midnight."""


def walls_later(begins: datetime, **by: int) -> datetime:
    """What the clock shows so much later, as if it never changed."""
    return (begins.replace(tzinfo=None) + timedelta(**by)).replace(tzinfo=begins.tzinfo)


def between(begins: datetime, ends: datetime) -> dict[str, str]:
    return {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}


@pytest.fixture
def tent(ana):
    """Ana lends it for a day."""
    return offer(ana, "Une tente", max_loan_days=1, no_expiry=True)


def listed(as_, user, begins: datetime, ends: datetime) -> int:
    """How many listings the search finds for that time."""
    span = {"available_from": begins.isoformat(), "available_until": ends.isoformat()}
    return len(as_(user).get("/v1/listings", query_string=span).json["items"])


@pytest.mark.parametrize(("saturday", "hours"), [(AUTUMN, 25), (SPRING, 23), (SUMMER, 24)])
def test_from_six_to_six_is_a_day_whatever_the_clocks_do(as_, ana, bob, tent, saturday, hours):
    """In a proposal, a counter and the search; a minute more is longer."""
    sunday = walls_later(saturday, days=1)
    assert sunday.astimezone(UTC) - saturday.astimezone(UTC) == timedelta(hours=hours)
    late = sunday + timedelta(minutes=1)
    body = {"listing_id": str(tent.id), **between(saturday, sunday)}
    longer = as_(bob).post("/v1/exchanges", json=body | {"ends_at": late.isoformat()})
    made = as_(bob).post("/v1/exchanges", json=body)
    assert (longer.status_code, longer.json["code"], made.status_code) == (409, "loan_too_long", 201)
    path = f"/v1/exchanges/{made.json['id']}/counter"
    assert as_(ana).post(path, json=between(saturday, late)).json["code"] == "loan_too_long"
    assert as_(ana).post(path, json=between(saturday, sunday)).status_code == 200
    assert (listed(as_, bob, saturday, sunday), listed(as_, bob, saturday, late)) == (1, 0)


def test_whose_clock_it_is_is_the_owners(as_, ana, bob, tent):
    """Who borrows in Paris from an owner whose clocks never change has had it for a day and an hour."""
    db.session.get_one(Preferences, ana.id).time_zone = "Asia/Tokyo"
    db.session.commit()
    body = {"listing_id": str(tent.id), **between(AUTUMN, walls_later(AUTUMN, days=1))}
    refused = as_(bob).post("/v1/exchanges", json=body)
    assert (refused.status_code, refused.json["code"]) == (409, "loan_too_long")


@pytest.fixture
def weekend(ana, bob, later):
    """Bob has borrowed it for the Saturday before the clocks change, half past ten in the morning."""
    lent = offer(ana, "Une remorque", max_loan_days=2, no_expiry=True)
    begins = datetime(2027, 10, 30, 10, 30, tzinfo=PARIS)
    exchange = agree(bob, lent, starts_at=begins, ends_at=walls_later(begins, hours=6))
    later(seconds=(begins - clock.now()).total_seconds())
    return exchange


def test_an_extension_reaches_as_far(as_, ana, bob, weekend):
    assert as_(ana).post(f"/v1/exchanges/{weekend.id}/hand_over", json={}).status_code == 200
    monday = walls_later(weekend.starts_at.astimezone(PARIS), days=2)
    path = f"/v1/exchanges/{weekend.id}/extend"
    late = as_(bob).post(path, json={"ends_at": (monday + timedelta(minutes=1)).isoformat()})
    assert (late.status_code, late.json["code"]) == (409, "loan_too_long")
    assert as_(bob).post(path, json={"ends_at": monday.isoformat()}).status_code == 200


def test_a_late_hand_over_lasts_as_many_days_as_was_agreed(as_, ana, bob, tent, later):
    """Agreed for the day of 25 hours, handed over on one of 24."""
    exchange = agree(bob, tent, starts_at=AUTUMN, ends_at=walls_later(AUTUMN, days=1))
    monday = datetime(2027, 11, 1, 9, tzinfo=PARIS)
    later(seconds=(monday - clock.now()).total_seconds())
    begun = clock.now()
    too_long = {"ends_at": (begun + timedelta(hours=24, minutes=30)).isoformat()}
    refused = as_(bob).post(f"/v1/exchanges/{exchange.id}/hand_over", json=too_long)
    assert (refused.status_code, refused.json["code"]) == (422, "longer_than_agreed")
    handed = as_(ana).post(f"/v1/exchanges/{exchange.id}/hand_over", json={}).json
    lasts = datetime.fromisoformat(handed["ends_at"]) - begun
    assert timedelta(hours=24) <= lasts < timedelta(hours=24, minutes=1)


@pytest.mark.parametrize(("saturday", "hours"), [(AUTUMN, 24), (SPRING, 24)])
def test_the_next_free_time_of_a_day_is_a_day(as_, ana, bob, cleo, saturday, hours):
    """A refusal names what a proposal takes, at the hours at which its owner is there."""
    windows = [{"weekday": 5, "from": "17:00", "to": "19:00"}, {"weekday": 6, "from": "17:30", "to": "18:00"}]
    tent = offer(ana, "Une tente", max_loan_days=1, availability=windows, no_expiry=True)
    sunday = walls_later(saturday, days=1)
    agree(bob, tent, starts_at=saturday, ends_at=sunday)
    body = {"listing_id": str(tent.id), **between(saturday, sunday)}
    refused = as_(cleo).post("/v1/exchanges", json=body).json
    free = {name: datetime.fromisoformat(each) for name, each in refused["next_free"].items()}
    assert free["ends_at"] - free["starts_at"] == timedelta(hours=hours)
    assert free["starts_at"] == datetime.combine(saturday + timedelta(days=7), datetime.min.time(), PARIS).replace(
        hour=17, minute=31
    )
    assert as_(cleo).post("/v1/exchanges", json=body | refused["next_free"]).status_code == 201


def test_a_listing_may_not_lend_for_less_than_was_agreed_on_the_wall(as_, ana, bob, cleo):
    """A day of 25 hours is a day where its owner shortens what they lend."""
    tent = offer(ana, "Une tente", max_loan_days=3, no_expiry=True)
    agree(bob, tent, starts_at=AUTUMN, ends_at=walls_later(AUTUMN, days=1))
    assert as_(ana).patch(f"/v1/listings/{tent.id}", json={"max_loan_days": 1}).status_code == 200


SPANS = st.tuples(st.integers(-100, 60), st.integers(1, 200))
"""A beginning around the change and a length, in half hours."""


@pytest.mark.parametrize("zone", CHANGES)
@given(spans=st.lists(SPANS, min_size=5, max_size=8), most=st.integers(1, 4), minute=st.sampled_from([0, 0, 1, 59]))
@settings(
    max_examples=draws.examples(30),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_search_and_proposal_count_alike(ana, zone, spans, most, minute):
    """Python and PostgreSQL, in the nights in which the clocks change."""
    tent = offer(ana, max_loan_days=most, no_expiry=True)
    db.session.get_one(Preferences, ana.id).time_zone = zone
    db.session.flush()
    for change in CHANGES[zone]:
        for begins, length in [*spans, (-47, 48 * most), (-46, 48 * most + 2), (-50, 48 * most - 2)]:
            starts_at = change + timedelta(minutes=30 * begins)
            ends_at = starts_at + timedelta(minutes=30 * length + minute)
            assert is_found(tent, starts_at, ends_at) == is_taken(tent, starts_at, ends_at), (starts_at, ends_at)


def is_found(listing: Listing, begins: datetime, ends: datetime) -> bool:
    """What the database answers for that time."""
    found = select(Listing.id).where(Listing.id == listing.id, CAN_BE_HAD)
    return db.session.scalar(found, {WANTED: Range(begins, ends), AT_PRESENT: clock.now()}) is not None


def is_taken(listing: Listing, begins: datetime, ends: datetime) -> bool:
    """Whether a proposal for that time is not too long."""
    try:
        check_length(listing=listing, starts_at=begins, ends_at=ends)
    except LoanTooLong:
        return False
    return True


@pytest.mark.parametrize("zone", CHANGES)
@given(
    begins=st.integers(-3000, 3000),
    length=st.integers(1, 8000),
    moved=st.integers(-6000, 6000),
    autumn=st.booleans(),
)
@settings(max_examples=draws.examples(200))
def test_a_length_is_the_same_wherever_it_is_moved(zone, begins, length, moved, autumn):
    """What is a day stays one, what is shorter stays shorter, and the first is as it was; in minutes."""
    starts_at = CHANGES[zone][autumn] + timedelta(minutes=begins)
    ends_at = starts_at + timedelta(minutes=length)
    counted = length_between(starts_at, ends_at, zone)
    assert end_after(starts_at, counted, zone) == ends_at
    elsewhere = starts_at + timedelta(minutes=moved)
    ends = end_after(elsewhere, counted, zone)
    assert days_after(elsewhere, counted.days, zone) <= ends <= days_after(elsewhere, counted.days + 1, zone)
    if not counted.rest:
        assert length_between(elsewhere, ends, zone) == Length(counted.days, timedelta())


def test_a_time_of_hours_is_counted_in_hours(ana, bob):
    """Two hours in the night of the change are two, whatever the clock shows."""
    lamp = offer(ana, "Une lampe", no_expiry=True)
    begins = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    wanted = Slot(begins, begins + timedelta(hours=2))
    propose(bob, lamp, starts_at=wanted.starts_at, ends_at=wanted.ends_at)
    agree(bob, lamp, starts_at=wanted.starts_at, ends_at=wanted.ends_at)
    found = find_next_free(lamp, wanted)
    assert found == Slot(wanted.ends_at, wanted.ends_at + timedelta(hours=2))
