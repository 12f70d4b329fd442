"""Two people want the same tent on the weekend on which the clocks change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar

from tests.factories.listings import offer
from tests.journeys.lending import Street

PARIS = ZoneInfo("Europe/Paris")


def paris(text: str) -> str:
    """A moment on the clocks of Paris, as RFC 3339."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).isoformat()


def test_the_clocks_change_and_nobody_sleeps_outside(street: Street, ana, bob, cleo):
    """BOK-01, BOK-03, BOK-08: back to back to the minute on Sunday morning, 24 hours after Saturday's eight."""
    hours = [{"weekday": weekday, "from": "08:00", "to": "20:00"} for weekday in range(7)]
    tent = offer(ana, "Une tente quatre places", no_expiry=True, availability=hours)
    saturday, sunday = paris("2027-03-27T08:00"), paris("2027-03-28T09:00")
    first = wish(street, bob, tent, saturday, sunday)
    second = wish(street, cleo, tent, saturday, paris("2027-03-29T20:00"))
    street.tap(ana, first, "accept")
    assert street.refused(ana, f"/exchanges/{second['id']}/accept") == "already_booked"
    (slot, *_) = street.get(
        cleo, f"/listings/{tent.id}/calendar", **{"from": sunday, "until": paris("2027-03-29T23:00")}
    )["free"]
    assert (slot["starts_at"], slot["ends_at"]) == ("2027-03-28T07:00:00Z", "2027-03-29T18:00:00Z")
    countered = street.tap(ana, second, "counter", **slot)
    assert (countered["awaiting"], street.tap(cleo, second, "accept")["state"]) == ("receiver", "accepted")
    assert on_the_phone(street, bob, first) == ["08:00", "09:00"]
    assert on_the_phone(street, cleo, second) == ["09:00", "20:00"]


def wish(street, who, tent, begins, ends):
    return street.post(who, "/exchanges", listing_id=str(tent.id), starts_at=begins, ends_at=ends)


def on_the_phone(street, user, exchange) -> list[str]:
    """When it is picked up and when brought back, as a calendar in Paris shows it."""
    file = street.as_(user).get(f"/v1/exchanges/{exchange['id']}/calendar.ics").data
    events = Calendar.from_ical(file).walk("VEVENT")
    return [f"{event.decoded('dtstart').astimezone(PARIS):%H:%M}" for event in events]
