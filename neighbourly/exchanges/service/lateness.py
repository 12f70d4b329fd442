"""What should be back and is not: it stays taken, and who comes next is told (BOK-07)."""

from __future__ import annotations

from datetime import datetime

from neighbourly.bookings import service as bookings
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges import policy
from neighbourly.exchanges.events import NextBorrowerWaits
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing


def listing_of(exchange: Exchange) -> Listing:
    """What is taken up."""
    return db.session.get_one(Listing, exchange.listing_id)


def keep_if_late(exchange: Exchange, now: datetime) -> None:
    """Whatever is tapped after the end, before time has looked: what is out then is late from that moment on."""
    if policy.is_late(exchange, now):
        keep_while_late(exchange)


def keep_while_late(exchange: Exchange) -> None:
    """What is not back is not free: its occupation runs on, and who comes next is told."""
    holders = bookings.prolong_overdue(listing=listing_of(exchange), holder_id=exchange.id)
    for holder_id in holders:
        publish(NextBorrowerWaits(holder_id, exchange.id, exchange.ends_at or clock.now()))


def take_again(exchange: Exchange) -> None:
    """What is said not to be back after all is taken until its end, unless somebody was promised it meanwhile."""
    if exchange.handed_over_at is not None and exchange.ends_at is not None:
        bookings.take_again(listing=listing_of(exchange), holder_id=exchange.id, ends_at=exchange.ends_at)
