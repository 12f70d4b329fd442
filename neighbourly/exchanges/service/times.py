"""Which times two can agree on: to come, in their order, and no farther ahead than anyone plans; all else is a 422."""

from __future__ import annotations

from datetime import datetime, timedelta

from neighbourly.bookings.availability import FARTHEST
from neighbourly.core import clock
from neighbourly.core.errors import fault

LONGEST = timedelta(days=366)
A_MOMENT_AGO = timedelta(minutes=5)


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
    if starts_at < now - A_MOMENT_AGO:
        raise fault("/starts_at", "in_the_past", fr="Ce moment est passé.", en="This moment has passed.")
    if starts_at > now + FARTHEST:
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
