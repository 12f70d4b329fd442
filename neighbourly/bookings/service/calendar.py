"""The calendar of a listing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings import selectors
from neighbourly.bookings.availability import FARTHEST, Slot
from neighbourly.bookings.selectors import Calendar
from neighbourly.core import clock
from neighbourly.core.errors import fault
from neighbourly.listings.selectors import get_listing

USUAL, LONGEST = timedelta(days=90), timedelta(days=366)


def get_calendar(
    *, actor: Actor, listing_id: UUID, begins: datetime | None = None, ends: datetime | None = None
) -> Calendar:
    """Whoever sees a listing sees when it is free, from now on, and never who has it."""
    listing, now = get_listing(listing_id, actor.id), clock.now()
    starts_at = min(max(begins or now, now), now + FARTHEST)
    ends_at = ends or starts_at + USUAL
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise fault(
            "/until", "bad_span", fr="De maintenant à un an au plus.", en="From now on, and over a year at most."
        )
    return selectors.view_calendar(listing, Slot(starts_at, ends_at))
