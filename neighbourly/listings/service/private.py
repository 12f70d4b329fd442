"""Offers that nobody sees: made of a yes to a need, so that one thing is not promised twice."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.listings.service.showing import place


def offer_privately(*, owner_id: UUID, request: Listing) -> Listing:
    """What somebody said they have for a need: one thing for each category, however many needs it would meet.

    Raises `HomeMissing`.
    """
    db.session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))
    same = Listing.category == request.category if request.category else Listing.title == request.title
    known = select(Listing).where(Listing.owner_id == owner_id, Listing.private, Listing.deleted_at.is_(None), same)
    found = db.session.scalars(known.limit(1)).one_or_none()
    return found or _made(owner_id, request)


def _made(owner_id: UUID, request: Listing) -> Listing:
    now = clock.now()
    listing = Listing(
        id=new_id(),
        owner_id=owner_id,
        direction="offer",
        kind="item",
        category=request.category,
        guessed=[],
        title=request.title,
        language=request.language,
        status="closed",
        terms=request.terms or "lend",
        private=True,
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    place(listing)
    db.session.add(listing)
    db.session.flush()
    return listing
