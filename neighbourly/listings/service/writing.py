"""Writing a listing and changing what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import IdTaken, InvalidInput
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.listings import selectors
from neighbourly.listings.consistency import settle
from neighbourly.listings.events import ListingChanged, ListingEdited, ListingPublished
from neighbourly.listings.lifecycle import Action
from neighbourly.listings.likeness import find_likeness
from neighbourly.listings.models import Listing
from neighbourly.listings.service.ceilings import require_room
from neighbourly.listings.service.filing import GUESSED, is_open, refile
from neighbourly.listings.service.showing import begin, let_last, place
from neighbourly.listings.service.understanding import note_text

UNSAID: dict[str, Any] = {
    "direction": "request",
    "description": "",
    "terms": None,
    "quantity": 1,
    "helpers_needed": 1,
    "max_loan_days": None,
    "requires_code": False,
    "radius_m": None,
    "circle": None,
    "needed_from": None,
    "needed_until": None,
    "no_expiry": False,
    "availability": [],
    "unavailable": [],
    "pause_minutes": 0,
}
"""What a listing says where its owner said nothing."""
CONTENT = ("title", "language", "kind", "category", *UNSAID)
FILED_BY = frozenset({"title", "kind", "category", "terms"})
UNDERSTOOD = frozenset({"title", "description"})
LASTS_BY = frozenset({"needed_from", "needed_until", "no_expiry"})


def create_listing(
    *,
    actor: Actor,
    id: UUID | None = None,
    status: str = "published",
    **said: Any,
) -> tuple[Listing, bool]:
    """A title is enough to ask; it lies at the owner's home, which must be known. The flag says whether it is new.

    `said` holds columns of the listing by name. The same id with the same content is the same listing (REL-07).
    Raises `HomeMissing`, `IdTaken`, `TooManyListings` and 422s.
    """
    known = db.session.get(Listing, id) if id is not None else None
    if known is not None:
        return _same_again(actor, known, status, said), False
    now = clock.now()
    listing = _written(actor, said, now)
    require_room(actor.id, more=1, copies=listing.quantity)
    listing.id, listing.status, listing.created_at, listing.updated_at = id or new_id(), status, now, now
    if status == "published":
        begin(listing, now)
    else:
        place(listing)
    db.session.add(listing)
    db.session.flush()
    note_text(listing)
    if status == "published":
        publish(ListingPublished(listing.id))
    return listing, True


def update_listing(*, actor: Actor, listing_id: UUID, **changes: Any) -> Listing:
    """Its owner changes a listing until it has ended; what was guessed and is now said is a guess no more.

    Raises `ExchangeOpen` where something agreed rests on what would be changed (BOK-12).
    """
    listing = selectors.get_own_listing(listing_id, actor.id)
    listing.move(Action.EDIT)
    before = {field: getattr(listing, field) for field in CONTENT}
    if "quantity" in changes:
        require_room(actor.id, more=0, copies=changes["quantity"] - listing.quantity)
    for field, value in changes.items():
        setattr(listing, field, value)
    if FILED_BY & changes.keys():
        refile(listing, changes, find_likeness(listing.title))
    now = clock.now()
    changed = {field for field in changes if getattr(listing, field) != before.get(field)}
    settle(listing, changes.keys(), now, changed=changed)
    if listing.status != "draft" and changed & LASTS_BY:
        let_last(listing, now)
    if changed & UNDERSTOOD:
        note_text(listing)
    differing = {field: was for field, was in before.items() if getattr(listing, field) != was}
    if differing:
        publish(ListingEdited(listing.id, differing))
        publish(ListingChanged(listing.id))
    return listing


def _written(actor: Actor, said: dict[str, Any], now: datetime) -> Listing:
    """A listing that says this, filed and consistent, not yet placed."""
    said = {field: value for field, value in said.items() if value is not None}
    listing = _said(actor, said)
    refile(listing, said, find_likeness(listing.title))
    settle(listing, said.keys(), now)
    return listing


def _said(actor: Actor, said: dict[str, Any]) -> Listing:
    content = {"language": actor.language, "kind": None, "category": None} | UNSAID | said
    return Listing(owner_id=actor.id, guessed=[], left_open=[], **content)


def _same_again(actor: Actor, known: Listing, status: str, said: dict[str, Any]) -> Listing:
    """The listing that this id already names, if the same person said the same; raises `IdTaken`.

    What was guessed of it, then or since, nobody said.
    """
    if known.owner_id != actor.id or known.deleted_at is not None:
        raise IdTaken()
    said = {field: value for field, value in said.items() if value is not None}
    guessed = {field: getattr(known, field) for field in GUESSED if field not in said and is_open(known, field)}
    again = _said(actor, said | guessed)
    try:
        refile(again, said | guessed, None)
        settle(again, said.keys(), known.created_at)
    except InvalidInput as reason:
        raise IdTaken() from reason  # what cannot be said of that listing was not said of it
    if status == "published":
        let_last(again, known.created_at)
    shown_at_once = known.published_at == known.created_at
    if shown_at_once != (status == "published") or any(
        getattr(again, field) != getattr(known, field) for field in CONTENT
    ):
        raise IdTaken()
    return known
