"""What can be had instead of a time that is taken: said with the refusal, so that nobody has to guess (BOK-10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from neighbourly.bookings import service as bookings
from neighbourly.bookings.availability import Slot
from neighbourly.bookings.errors import AlreadyBooked
from neighbourly.bookings.selectors import find_next_free
from neighbourly.exchanges import selectors
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.listings.models import Listing


@contextmanager
def naming_next_free(listing: Listing, actor_id: UUID, starts_at: datetime, ends_at: datetime | None) -> Iterator[None]:
    """`AlreadyBooked` bears the next free time of that length, and the way into the line, to who may wait in it."""
    try:
        yield
    except AlreadyBooked as reason:
        next_free = say_next_free(listing, starts_at, ends_at)
        raise AlreadyBooked(next_free=next_free, waiting=_line_of(listing, actor_id)) from reason


@contextmanager
def naming_latest_end(exchange: Exchange, starts_at: datetime) -> Iterator[None]:
    """`AlreadyBooked` bears until when it can be had from then on: until the next booking; None if not at all."""
    try:
        yield
    except AlreadyBooked as reason:
        out = [each.id for each in selectors.list_out(exchange.listing_id)]
        latest = bookings.find_latest_end(
            listing=listing_of(exchange), holder_id=exchange.id, starts_at=starts_at, out=out
        )
        raise AlreadyBooked(possible_until=latest) from reason


def say_next_free(listing: Listing, starts_at: datetime, ends_at: datetime | None) -> dict[str, Any] | None:
    """The next free time of that length, as a refusal bears it; None where there is none, or no length."""
    found = None if ends_at is None else find_next_free(listing, Slot(starts_at, ends_at))
    return None if found is None else {"starts_at": found.starts_at, "ends_at": found.ends_at}


def _line_of(listing: Listing, actor_id: UUID) -> dict[str, Any] | None:
    if listing.owner_id == actor_id or listing.status != "published":
        return None
    return {"method": "PUT", "path": f"/v1/listings/{listing.id}/waiting"}
