"""How long before something it is reminded of: a part of the time until then, at an hour when one may be told; pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol

from neighbourly.preferences.quiet import quiet_period

LEAST, MOST = timedelta(hours=1), timedelta(days=1)
EVENING = timedelta(hours=1)
"""How long before quiet hours begin one is told what could not wait until they end."""


class Rest(Protocol):
    """When somebody would rather not be disturbed, and from when until when they are, or were, away."""

    quiet_from: time | None
    quiet_to: time | None
    time_zone: str
    away_since: datetime | None
    away_until: datetime | None


def lead_of(length: timedelta) -> timedelta:
    """How long before the end: a quarter of the length, between an hour and a day; of very short times half."""
    return min(max(length / 4, LEAST), MOST, length / 2)


def remind_at(since: datetime, until: datetime, rest: Rest | None = None) -> datetime:
    """When to remind of a moment to come, which has been fixed `since` then."""
    return _told_at(until - lead_of(until - since), since, until, rest)


def remind_of_answer_at(asked_at: datetime, until: datetime, rest: Rest | None = None) -> datetime:
    """When an answer is asked for again: a day later, or sooner where it is wanted sooner."""
    return _told_at(min(asked_at + MOST, until - lead_of(until - asked_at)), asked_at, until, rest)


def _told_at(at: datetime, since: datetime, until: datetime, rest: Rest | None) -> datetime:
    """When it is said.

    Where it would be quiet then until that moment, or until less than an hour before it, it is said before the quiet
    begins: after it nobody could do anything about it.
    """
    if rest is None:
        return at
    quiet = quiet_period(at, rest.quiet_from, rest.quiet_to, rest.time_zone)
    if quiet is None or quiet.ends <= until - min(lead_of(until - since), LEAST) or quiet.begins <= since:
        return at
    before = quiet.begins - min(EVENING, (quiet.begins - since) / 2)
    is_quiet = quiet_period(before, rest.quiet_from, rest.quiet_to, rest.time_zone) is not None
    return at if is_quiet else before
