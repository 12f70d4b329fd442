"""Offers that nobody sees: made of a yes to a need, so that one thing is not promised twice."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid5

from sqlalchemy import select

from neighbourly.accounts.selectors import hold_person
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.ids import derive_id, new_id
from neighbourly.listings.models import Listing
from neighbourly.listings.naming import name_for, name_of_category
from neighbourly.listings.service.showing import place
from neighbourly.listings.service.understanding import forget_meaning


def offer_privately(*, owner_id: UUID, request: Listing, title: str = "") -> Listing:
    """What somebody said they have for a need: an offer for that need alone, named as its owner or the need names it.

    Things to lend of one category share one copy, however many needs they would meet: whether there are two of them
    nobody knows. For a need that is filed nowhere it has a copy of its own, and so has what is given away. The same
    need, owner and terms give the same offer. `title`: the owner's word for it. Raises `HomeMissing`.
    """
    hold_person(owner_id)
    its_id = private_offer_id(request.id, owner_id)
    former_id = uuid5(request.id, str(owner_id))  # of those made before ids were derived with the secret
    known = db.session.get(Listing, its_id) or db.session.get(Listing, former_id)
    if known is None:
        return _made(its_id, owner_id, request, title)
    theirs = known.owner_id == owner_id and known.private and known.deleted_at is None
    if not theirs or known.terms != _terms(request):
        return _made(its_id if known.id != its_id else new_id(), owner_id, request, title)
    known.title = name_for(request, title)
    return known


def private_offer_id(request_id: UUID, owner_id: UUID) -> UUID:
    """The id of what somebody offers for a need alone: the same whenever it is asked for, and nobody's to guess."""
    return derive_id(settings().secret_key, "private_offer", request_id, owner_id)


def unname_private(*, listing_ids: Collection[UUID]) -> None:
    """Of these the private ones are called as their category is: who asked has left, and takes their words along.

    What these meant goes too.
    """
    theirs = select(Listing).where(Listing.id.in_(listing_ids), Listing.private).order_by(Listing.id)
    for listing in db.session.scalars(theirs.with_for_update()):
        listing.title = name_of_category(listing)
        forget_meaning(listing)


def _terms(request: Listing) -> str:
    return request.terms or "lend"


def _find_alike(owner_id: UUID, request: Listing) -> UUID | None:
    """The owner's first private thing to lend of that category: it has the copy that all of these share."""
    if request.category is None or _terms(request) != "lend":
        return None
    theirs = (Listing.owner_id == owner_id, Listing.private, Listing.shares_copies_of.is_(None))
    lent = select(Listing.id).where(*theirs, Listing.category == request.category, Listing.terms == "lend")
    return db.session.scalar(lent.order_by(Listing.created_at, Listing.id).limit(1))


def _made(id: UUID, owner_id: UUID, request: Listing, title: str) -> Listing:
    now = clock.now()
    listing = Listing(
        id=id,
        owner_id=owner_id,
        direction="offer",
        kind="item",
        category=request.category,
        guessed=[],
        title=name_for(request, title),
        language=request.language,
        status="closed",
        terms=_terms(request),
        private=True,
        shares_copies_of=_find_alike(owner_id, request),
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    place(listing)
    db.session.add(listing)
    db.session.flush()
    return listing
