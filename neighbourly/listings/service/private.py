"""Offers that nobody sees: made of a yes to a need, so that one thing is not promised twice."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import Words
from neighbourly.core.ids import new_id
from neighbourly.listings import categories
from neighbourly.listings.models import Listing
from neighbourly.listings.service.showing import place

SOMETHING: Words = {"fr": "Un objet", "en": "A thing"}


def offer_privately(*, owner_id: UUID, request: Listing) -> Listing:
    """What somebody said they have for a need: one thing to lend for each category, however many needs it would meet.

    For a need that is filed nowhere it is one of its own, and so is what is given away: there may be another of it.
    It carries nobody's words: others will read its title. Raises `HomeMissing`.
    """
    db.session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))
    if request.category is not None and _terms(request) == "lend":
        return _find_lent(owner_id, request.category) or _made(new_id(), owner_id, request)
    its_id = uuid5(request.id, str(owner_id))  # the same whenever it is asked for, unless somebody used that id
    known = db.session.get(Listing, its_id)
    if known is None:
        return _made(its_id, owner_id, request)
    theirs = known.owner_id == owner_id and known.private and known.deleted_at is None
    return known if theirs else _made(new_id(), owner_id, request)


def _find_lent(owner_id: UUID, category: str) -> Listing | None:
    theirs = (Listing.owner_id == owner_id, Listing.private, Listing.deleted_at.is_(None))
    lent = select(Listing).where(*theirs, Listing.category == category, Listing.terms == "lend")
    return db.session.scalars(lent.limit(1)).one_or_none()


def _terms(request: Listing) -> str:
    return request.terms or "lend"


def _named(category: str | None, language: str) -> str:
    """What it is, as far as its category says so."""
    filed = categories.get(category) if category else None
    return filed.name[language] if filed else SOMETHING[language]


def _made(id: UUID, owner_id: UUID, request: Listing) -> Listing:
    now = clock.now()
    listing = Listing(
        id=id,
        owner_id=owner_id,
        direction="offer",
        kind="item",
        category=request.category,
        guessed=[],
        title=_named(request.category, request.language),
        language=request.language,
        status="closed",
        terms=_terms(request),
        private=True,
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    place(listing)
    db.session.add(listing)
    db.session.flush()
    return listing
