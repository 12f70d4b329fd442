"""What breaks is not lent until it is mended; each coming borrower is told, once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings.events import CopiesBroke, CopiesMended
from neighbourly.bookings.models import Copy
from neighbourly.bookings.service.copies import Copies, forget_rows, hold_copies, write_rows
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
    held = _hold(listing)
    chosen = _named(held, number)
    require(bool(chosen) or (held.has_more and number not in held.numbers), NotFound)
    broken = [copy.id for copy in chosen if copy.broken_at is None]
    db.session.execute(update(Copy).where(Copy.id.in_(broken)).values(broken_at=now))
    added = write_rows(listing, number, broken_at=now) if held.has_more else []
    if broken or added:
        publish(CopiesBroke(tuple(broken), now))
    return listing


def mend_copies(*, actor: Actor, listing_id: UUID, number: int | None = None) -> Listing:
    """Only the owner says that it can be lent again; who was told of the break is told of the mending."""
    listing = get_own_listing(listing_id, actor.id)
    held = _hold(listing)
    chosen = _named(held, number)
    require(bool(chosen) or (held.has_more and number not in held.numbers), NotFound)
    mended = {copy.id: copy.broken_at for copy in chosen if copy.broken_at is not None}
    if mended:
        db.session.execute(update(Copy).where(Copy.id.in_(mended)).values(broken_at=None))
        publish(CopiesMended(mended))
        forget_rows(listing)
    ask_next(listing.id)
    return listing


def _hold(listing: Listing) -> Copies:
    require(listing.kind == "item" and listing.direction == "offer", NotFound)
    return hold_copies(listing)


def _named(held: Copies, number: int | None) -> list[Copy]:
    require(number is None or number <= held.listing.quantity, NotFound)
    return [copy for copy in held.rows if number in (None, copy.number)]
