"""The copies of a listing, made when they are first needed (BOK-05)."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from neighbourly.bookings import selectors
from neighbourly.bookings.models import Copy
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing


def copies_of(listing: Listing) -> list[Copy]:
    """All copies that the listing has by its quantity and that have not left for good, by number, locked."""
    its = selectors.keeper_of(listing)
    wanted = [{"id": new_id(), "listing_id": its, "number": number} for number in range(1, listing.quantity + 1)]
    db.session.execute(insert(Copy).values(wanted).on_conflict_do_nothing())
    copies = sorted(selectors.lock_copies(listing.id), key=lambda each: each.number)
    return [copy for copy in copies if copy.retired_at is None and copy.number <= listing.quantity]


def usable_copies(listing: Listing) -> list[Copy]:
    """Those of them that are not broken."""
    return [copy for copy in copies_of(listing) if copy.broken_at is None]
