"""What an owner's moves do to the owner's listings."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings.events import ListingPaused
from neighbourly.listings.lifecycle import Action
from neighbourly.listings.models import Listing
from neighbourly.listings.service.moving import bury
from neighbourly.listings.service.showing import forget_place
from neighbourly.places.models import Home
from neighbourly.places.selectors import find_home


def follow_home(*, user_id: UUID) -> None:
    """Listings move along with their owner (LOC-04); without a home what is shown is paused, and none keeps a place."""
    home = find_home(user_id)
    if home is None:
        _lose_home(user_id)
    else:
        _move(user_id, home)


def _move(user_id: UUID, home: Home) -> None:
    place = {"cell": home.cell, "location": home.location, "neighbourhood_id": home.neighbourhood_id}
    elsewhere = (Listing.cell != home.cell) | Listing.neighbourhood_id.is_distinct_from(home.neighbourhood_id)
    db.session.execute(
        update(Listing)
        .where(Listing.owner_id == user_id, Listing.deleted_at.is_(None), elsewhere)
        .values(version=Listing.version + 1, updated_at=clock.now(), **place)
    )


def _lose_home(user_id: UUID) -> None:
    for listing in _own(user_id):
        if listing.status == "published":
            listing.move(Action.PAUSE)
            publish(ListingPaused(listing.id))
        forget_place(listing)


def empty_listings_of(*, user_id: UUID) -> None:
    """Who leaves takes everything along: drafts go, and of the rest nothing stays but what others' rows refer to."""
    for listing in _own(user_id):
        if listing.status == "draft":
            db.session.delete(listing)
        else:
            bury(listing)
    db.session.flush()
    db.session.execute(update(Listing).where(Listing.owner_id == user_id).values(title="", description=""))


def _own(user_id: UUID) -> list[Listing]:
    """All that its owner has not deleted, locked in the order of their ids."""
    own = select(Listing).where(Listing.owner_id == user_id, Listing.deleted_at.is_(None))
    return list(db.session.scalars(own.order_by(Listing.id).with_for_update()))
