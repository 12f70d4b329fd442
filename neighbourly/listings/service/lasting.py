"""What time does to listings: they expire, and their owners are asked before."""

from __future__ import annotations

from sqlalchemy import select, update

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings.events import ListingExpired, ListingExpiring
from neighbourly.listings.expiry import REMINDED_BEFORE
from neighbourly.listings.lifecycle import Action
from neighbourly.listings.models import Listing


def expire_due(limit: int) -> int:
    """What has run out of time expires, paused or not; how many did, at most `limit`."""
    due = select(Listing).where(Listing.status.in_(("published", "paused")), Listing.expires_at <= clock.now())
    taken = db.session.scalars(due.order_by(Listing.expires_at).limit(limit).with_for_update(skip_locked=True)).all()
    for listing in taken:
        listing.move(Action.EXPIRE)
        publish(ListingExpired(listing.id))
    return len(taken)


def remind_of_expiry(limit: int) -> int:
    """Three days before the end the owner is asked, once, whether to go on; how many were, at most `limit`."""
    now = clock.now()
    ending = select(Listing).where(
        Listing.status == "published", Listing.expires_at <= now + REMINDED_BEFORE, Listing.reminded_at.is_(None)
    )
    taken = db.session.scalars(ending.order_by(Listing.expires_at).limit(limit).with_for_update(skip_locked=True)).all()
    # Past the session: the listing is no newer for it, and its version is the one that its owner knows.
    reminded = update(Listing).where(Listing.id.in_([listing.id for listing in taken])).values(reminded_at=now)
    db.session.execute(reminded.execution_options(synchronize_session=False))
    for listing in taken:
        publish(ListingExpiring(listing.id))
    return len(taken)
