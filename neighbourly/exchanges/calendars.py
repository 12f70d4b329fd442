"""Exchanges as iCalendar (RFC 5545): the moments at which two people meet, in the reader's language and zone; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from neighbourly.core.errors import Words
from neighbourly.exchanges.lifecycle import HELP, LOAN, Side

PRODUCT = "-//neighbourly//exchanges//"
CALLED_OFF = frozenset({"declined", "withdrawn", "expired", "cancelled"})
"""States in which it will not take place: `STATUS:CANCELLED`."""
HANDING_TAKES = timedelta(minutes=30)
ALARM_BEFORE = timedelta(hours=1)
REFRESH_EVERY = timedelta(hours=1)


class Occasion(StrEnum):
    """What the two meet for."""

    PICK_UP = "pick_up"
    BRING_BACK = "bring_back"
    HELP = "help"


SUMMARIES: Mapping[tuple[Occasion, Side], Words] = {
    (Occasion.PICK_UP, "receiver"): {"fr": "Chercher : {title} (de {name})", "en": "Pick up: {title} (from {name})"},
    (Occasion.PICK_UP, "giver"): {"fr": "Remettre : {title} (à {name})", "en": "Hand over: {title} (to {name})"},
    (Occasion.BRING_BACK, "receiver"): {"fr": "Rendre : {title} (à {name})", "en": "Bring back: {title} (to {name})"},
    (Occasion.BRING_BACK, "giver"): {"fr": "Récupérer : {title} (de {name})", "en": "Get back: {title} (from {name})"},
    (Occasion.HELP, "receiver"): {"fr": "{title} (de {name})", "en": "{title} (from {name})"},
    (Occasion.HELP, "giver"): {"fr": "{title} (pour {name})", "en": "{title} (for {name})"},
}
UIDS: Mapping[Occasion, str] = {
    Occasion.PICK_UP: "{id}@neighbourly",
    Occasion.BRING_BACK: "{id}-bring-back@neighbourly",
    Occasion.HELP: "{id}@neighbourly",
}
"""The same for as long as there is the exchange, so that a calendar moves what it has and doubles nothing."""
AHEAD: Mapping[Occasion, frozenset[str]] = {
    Occasion.PICK_UP: frozenset({"accepted"}),
    Occasion.BRING_BACK: frozenset({"accepted", "handed_over", "disputed"}),
    Occasion.HELP: frozenset({"accepted"}),
}
"""The states in which an occasion is agreed and still to come: only then is there an alarm."""


@dataclass(frozen=True)
class Agreement:
    """An exchange as its reader's calendar shows it: no meeting place, and of a person the first word of the name."""

    id: UUID
    kind: str
    state: str
    version: int
    role: Side
    title: str
    first_name: str
    starts_at: datetime
    ends_at: datetime | None
    handed_over_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime
    url: str


@dataclass(frozen=True)
class Appointment:
    """One moment of an agreement, from `starts_at` up to `ends_at`."""

    occasion: Occasion
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Reader:
    """In whose language and on whose wall clock it is written; `time_zone` is an IANA name."""

    language: str
    time_zone: str


def appointments_of(agreement: Agreement) -> list[Appointment]:
    """A loan is picked up and brought back, two short moments; a gift is picked up; a help takes as long as agreed.

    What took place stands where it did, so that what was brought back early rings no more.
    """
    starts_at, ends_at = agreement.starts_at, agreement.ends_at
    if agreement.kind == HELP:
        return [Appointment(Occasion.HELP, starts_at, ends_at or starts_at + HANDING_TAKES)]
    takes = min(HANDING_TAKES, (ends_at - starts_at) / 2) if ends_at else HANDING_TAKES
    picked_up_at = agreement.handed_over_at or starts_at
    found = [Appointment(Occasion.PICK_UP, picked_up_at, picked_up_at + takes)]
    if agreement.kind == LOAN and ends_at is not None:
        back_at = agreement.ended_at if agreement.state == "returned" and agreement.ended_at else ends_at
        found.append(Appointment(Occasion.BRING_BACK, back_at, back_at + takes))
    return found


def write_calendar(agreements: Sequence[Agreement], name: str, reader: Reader) -> bytes:
    """The calendar as a file: the same bytes as long as nothing changed."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT + reader.language.upper())
    calendar.add("version", "2.0")
    for field in ("name", "x-wr-calname"):
        calendar.add(field, name)
    calendar.add("x-wr-timezone", reader.time_zone)
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    events = [event for each in agreements for event in _events(each, reader)]
    for event in events:
        calendar.add_component(event)
    _describe_zone(calendar, events)
    written: bytes = calendar.to_ical()
    return written


def _describe_zone(calendar: Calendar, events: Sequence[Event]) -> None:
    """`VTIMEZONE`, for the years in which something stands."""
    if events:
        moments = [event.decoded("dtstart") for event in events]
        first, last = min(moments).year, max(moments).year
        calendar.add_missing_timezones(first_date=date(first, 1, 1), last_date=date(last + 2, 1, 1))


def _events(agreement: Agreement, reader: Reader) -> Iterator[Event]:
    for appointment in appointments_of(agreement):
        words = SUMMARIES[appointment.occasion, agreement.role][reader.language]
        summary = words.format(title=agreement.title, name=agreement.first_name)
        event = Event()
        event.add("uid", UIDS[appointment.occasion].format(id=agreement.id))
        event.add("sequence", agreement.version)
        event.add("dtstamp", agreement.updated_at)
        event.add("created", agreement.created_at)
        event.add("last-modified", agreement.updated_at)
        event.add("dtstart", _on_the_wall(appointment.starts_at, reader))
        event.add("dtend", _on_the_wall(appointment.ends_at, reader))
        event.add("summary", summary)
        event.add("status", _status(agreement.state))
        event.add("url", agreement.url)
        if agreement.state in AHEAD[appointment.occasion]:
            event.add_component(_alarm(summary))
        yield event


def _status(state: str) -> str:
    if state in CALLED_OFF:
        return "CANCELLED"
    return "TENTATIVE" if state == "proposed" else "CONFIRMED"


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm


def _on_the_wall(moment: datetime, reader: Reader) -> datetime:
    """The moment in the reader's zone; as it is where a clock put back shows that time twice, which RFC 5545 cannot."""
    there = moment.replace(microsecond=0).astimezone(ZoneInfo(reader.time_zone))
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return moment.replace(microsecond=0) if twice else there
