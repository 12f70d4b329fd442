"""Exchanges as iCalendar: in UTC, so that every calendar shows them on its own wall clock; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from neighbourly.core.errors import Words

PRODUCT = "-//neighbourly//exchanges//"
GOES: dict[str, Words] = {
    "giver": {"fr": "{title} (pour {name})", "en": "{title} (for {name})"},
    "receiver": {"fr": "{title} (de {name})", "en": "{title} (from {name})"},
}
STATUS = {"proposed": "TENTATIVE", "accepted": "CONFIRMED", "handed_over": "CONFIRMED", "done": "CONFIRMED"}
A_GIFT_TAKES = timedelta(minutes=30)


@dataclass(frozen=True)
class Appointment:
    """What a calendar shows of an exchange: no meeting place, and of a person the first word of the name (SEC-22)."""

    uid: str
    sequence: int
    role: str
    title: str
    first_name: str
    state: str
    starts_at: datetime
    ends_at: datetime | None
    stamped_at: datetime
    url: str


def write_calendar(appointments: Sequence[Appointment], name: str, language: str) -> bytes:
    """The calendar as a file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT + language.upper())
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for each in appointments:
        calendar.add_component(_event(each, language))
    written: bytes = calendar.to_ical()
    return written


def _event(appointment: Appointment, language: str) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamped_at)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at or appointment.starts_at + A_GIFT_TAKES)
    words = GOES[appointment.role][language]
    event.add("summary", words.format(title=appointment.title, name=appointment.first_name))
    event.add("status", STATUS.get(appointment.state, "CANCELLED"))
    event.add("url", appointment.url)
    return event
