"""How long a listing lasts: requests until they are no longer needed, offers 90 days or without an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REQUEST_LASTS = timedelta(days=7)
OFFER_LASTS = timedelta(days=90)
LONGEST_NEED = timedelta(days=366)
REMINDED_BEFORE = timedelta(days=3)


@dataclass(frozen=True)
class Span:
    """The time of a listing: the need's, its end, and since when the owner knows of the end.

    `expires_at` is None for an offer without an end. A term shorter than the reminder's needs no reminder:
    who chose it just now knows, and `reminded_at` is set from the start.
    """

    needed_from: datetime | None
    needed_until: datetime | None
    expires_at: datetime | None
    reminded_at: datetime | None


def offer(*, no_expiry: bool, now: datetime) -> Span:
    """The span of an offer that is shown, or renewed, now."""
    return _ending(None, None, None if no_expiry else now + OFFER_LASTS, now)


def request(*, needed_from: datetime | None, needed_until: datetime | None, now: datetime) -> Span:
    """The span of a request that is shown now.

    An end that lies ahead stands; without one it is 7 days from now, or from when the need begins. A need whose
    time has passed begins anew.
    """
    if needed_until is not None and needed_until > now:
        return _ending(needed_from, needed_until, needed_until, now)
    if needed_until is not None:
        needed_from = None
    end = max(now, needed_from or now) + REQUEST_LASTS
    return _ending(needed_from, end, end, now)


def later_end(needed_until: datetime | None, now: datetime) -> datetime:
    """When a request ends that is renewed while it is shown: at least 7 days from now, never sooner than before."""
    return max(needed_until or now, now + REQUEST_LASTS)


def _ending(needed_from: datetime | None, needed_until: datetime | None, end: datetime | None, now: datetime) -> Span:
    reminded_at = now if end is not None and end - now <= REMINDED_BEFORE else None
    return Span(needed_from, needed_until, end, reminded_at)
