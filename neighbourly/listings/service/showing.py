"""Putting a listing where its owner lives, and before the neighbours' eyes."""

from __future__ import annotations

from datetime import datetime

from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.listings import expiry
from neighbourly.listings.models import Listing
from neighbourly.places.selectors import get_home


def place(listing: Listing) -> None:
    """A listing lies where its owner's home is; raises `HomeMissing`."""
    with db.session.no_autoflush:  # what else changes of the listing is written with its place, as one version
        home = get_home(listing.owner_id)
    listing.cell, listing.location, listing.neighbourhood_id = home.cell, home.location, home.neighbourhood_id


def forget_place(listing: Listing) -> None:
    """Keep of the place no more than the continent: nobody will look for this listing there."""
    listing.cell = cells.coarsen(listing.cell, 0)
    listing.location = cells.mercator(listing.cell)
    listing.neighbourhood_id = None


def begin(listing: Listing, now: datetime) -> None:
    """From now on the listing is shown, where its owner lives and for as long as it is meant to last."""
    place(listing)
    listing.published_at = listing.published_at or now
    let_last(listing, now)


def let_last(listing: Listing, now: datetime) -> None:
    """Set when the listing ends, reckoned from now."""
    if listing.direction == "offer":
        span = expiry.offer(no_expiry=listing.no_expiry, now=now)
    else:
        span = expiry.request(needed_from=listing.needed_from, needed_until=listing.needed_until, now=now)
    listing.needed_from, listing.needed_until = span.needed_from, span.needed_until
    listing.expires_at, listing.reminded_at = span.expires_at, span.reminded_at
