"""What breaks is not lent until it is mended; each coming borrower is told, once."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings import selectors
from neighbourly.bookings.events import CopyBroke, CopyMended
from neighbourly.bookings.models import Copy
from neighbourly.bookings.service.copies import copies_of
from neighbourly.bookings.service.waiting import ask_next
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound, require
from neighbourly.core.events import publish
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import get_own_listing


def report_broken(*, actor: Actor, listing_id: UUID, number: int | None = None) -> Listing:
    """Only the owner says what cannot be lent: one copy, or all of them; returning stays possible."""
    listing, now = get_own_listing(listing_id, actor.id), clock.now()
    for copy in _named(listing, number):
        if copy.broken_at is None:
            copy.broken_at = now
            db.session.flush()
            publish(CopyBroke(copy.id, now))
    return listing


def mend_copies(*, actor: Actor, listing_id: UUID, number: int | None = None) -> Listing:
    """Only the owner says that it can be lent again; who was told of the break is told of the mending."""
    listing = get_own_listing(listing_id, actor.id)
    for copy in _named(listing, number):
        broken_at = copy.broken_at
        if broken_at is not None:
            copy.broken_at = None
            db.session.flush()
            publish(CopyMended(copy.id, broken_at))
    ask_next(listing.id)
    return listing


def _named(listing: Listing, number: int | None) -> list[Copy]:
    require(listing.kind == "item" and listing.direction == "offer", NotFound)
    chosen = [copy for copy in copies_of(listing) if number is None or copy.number == number]
    require(bool(chosen), NotFound)
    selectors.lock_copies(listing.id)
    return chosen
