"""Which times two can agree on: to come, in their order, and no farther ahead than anyone plans; all else is a 422."""

from __future__ import annotations

from datetime import datetime, timedelta

from neighbourly.bookings.availability import FARTHEST
from neighbourly.core import clock
from neighbourly.core.errors import fault
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.durations import are_hours
from neighbourly.listings.models import Listing

LONGEST = timedelta(days=366)
MOST_MINUTES = 1440
USUAL_MINUTES = 60


def check_times(kind: str, starts_at: datetime, ends_at: datetime | None) -> None:
    """From when until when; only a gift has no end."""
    check_begin(starts_at)
    if ends_at is not None:
        check_span(starts_at, ends_at)
    elif kind != "gift":
        raise fault("/ends_at", "required", fr="Jusqu'à quand\u00a0?", en="Until when?")


def check_begin(starts_at: datetime) -> None:
    """Neither past nor too far ahead: only then may an end be reckoned from it."""
    now = clock.now()
    if clock.has_passed(starts_at, now):
        raise fault("/starts_at", "in_the_past", fr="Ce moment est passé.", en="This moment has passed.")
    if clock.is_beyond(starts_at, now, FARTHEST):
        raise fault(
            "/starts_at", "too_far_ahead", fr="C'est dans plus de deux ans.", en="This is over two years ahead."
        )


def check_span(begins: datetime, ends_at: datetime) -> None:
    """An end after the beginning, and within a year of it."""
    if not begins < ends_at <= begins + LONGEST:
        raise fault(
            "/ends_at",
            "ends_before_it_begins" if ends_at <= begins else "too_far_ahead",
            fr="La fin doit venir après le début, dans l'année.",
            en="The end must come after the beginning, within a year.",
        )


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """How long a help takes, in whole minutes: one at least, a day at most."""
    return max(1, min(MOST_MINUTES, round((ends_at - starts_at).total_seconds() / 60)))


def minutes_moved(exchange: Exchange, starts_at: datetime, ends_at: datetime | None) -> int | None:
    """The minutes of a help at other times: those of the new hours, or as they were where these are as long."""
    if exchange.minutes is None or exchange.ends_at is None or ends_at is None:
        return exchange.minutes
    as_long = ends_at - starts_at == exchange.ends_at - exchange.starts_at
    return exchange.minutes if as_long else minutes_between(starts_at, ends_at)


def end_of_help(begins: datetime, minutes: int | None, need: Listing | None) -> datetime:
    """When a help ends of which that was not said: with the hours of its need, or after an hour.

    A need says hours where it has a beginning and ends within a day of it; else its end is a date to be met by.
    """
    if minutes is None and need is not None and are_hours(need.needed_from, need.needed_until):
        assert need.needed_until is not None  # noqa: S101  # hours have an end
        if begins < need.needed_until:
            return need.needed_until
    return begins + timedelta(minutes=minutes or USUAL_MINUTES)
