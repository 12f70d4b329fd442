"""Who is away is not asked for what would begin before they are back, and no window closes on them (NOT-01)."""

from __future__ import annotations

from uuid import UUID

from neighbourly.bookings.errors import NotAvailable
from neighbourly.core import clock
from neighbourly.exchanges.lifecycle import Side
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.policy import person_of
from neighbourly.exchanges.service.alternatives import say_next_free
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.listings.absences import day_back
from neighbourly.listings.models import Listing
from neighbourly.preferences.selectors import get_preferences


def check_there(exchange: Exchange, asked: Side) -> None:
    """Nobody is asked for what would begin before they are back.

    Raises `NotAvailable` with the day on which they are, and the next free time of that length of what is theirs.
    """
    asked_id = person_of(asked, exchange)
    away_until = get_preferences(asked_id).away_until
    back = day_back(away_until, clock.now())
    if away_until is not None and back is not None and exchange.starts_at < away_until:
        raise NotAvailable(away_until=back, next_free=_find_next_free(exchange, listing_of(exchange), asked_id))


def is_away(exchange: Exchange, side: str | None) -> bool:
    """Whether that side is away at this moment."""
    return get_preferences(person_of(side or "giver", exchange)).announced_until is not None


def _find_next_free(exchange: Exchange, listing: Listing, asked_id: UUID) -> dict[str, object] | None:
    if listing.owner_id != asked_id or listing.direction != "offer":
        return None
    return say_next_free(listing, exchange.starts_at, exchange.ends_at)
