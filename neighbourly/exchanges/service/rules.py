"""What has to hold of what is proposed, at first and in each counter to it (BOK-04)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from neighbourly.bookings import service as bookings
from neighbourly.exchanges import timeline
from neighbourly.exchanges.lifecycle import Side, other
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.absences import check_there
from neighbourly.exchanges.service.agreeing import check_free, check_minutes
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.listings.models import Listing

RENEWALS = 2
"""So many counters to one proposal leave as much time for the answer as a new one does."""


def check_proposed(exchange: Exchange, actor_id: UUID, *, by: Side, chosen: bool = False) -> None:
    """Whether that side may propose this; `chosen`: of a yes, which says by itself when its giver could.

    Raises `LoanTooLong`, `NotAvailable`, `AlreadyBooked` and `FloorReached`.
    """
    listing = listing_of(exchange)
    bookings.check_length(listing=listing, starts_at=exchange.starts_at, ends_at=exchange.ends_at)
    check_there(exchange, other(by))
    if by == "receiver" and not chosen and _has_hours_of_giver(exchange, listing):
        bookings.check_available(listing=listing, starts_at=exchange.starts_at, ends_at=exchange.ends_at)
    check_free(exchange, listing, actor_id)
    check_minutes(exchange, actor_id)


def _has_hours_of_giver(exchange: Exchange, listing: Listing) -> bool:
    """Whether the giver says there when it can be had; of a help without an offer the listing is the need."""
    return listing.owner_id == exchange.giver_id


def move_deadline(exchange: Exchange, now: datetime) -> None:
    """A counter is answered within the time of a new proposal, twice; a later one within what is left (BOK-04).

    In no case after it would begin.
    """
    renewed = timeline.proposal_expires_at(now, exchange.starts_at)
    if exchange.renewals < RENEWALS:
        exchange.renewals += 1
        exchange.expires_at = renewed
    else:
        exchange.expires_at = min(exchange.expires_at or renewed, renewed)
