"""Moving a listing from state to state, by its owner's hand."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings import expiry, selectors
from neighbourly.listings.events import (
    ListingChanged,
    ListingClosed,
    ListingDeleting,
    ListingFulfilled,
    ListingPaused,
    ListingPublished,
    ListingResumed,
)
from neighbourly.listings.lifecycle import Action
from neighbourly.listings.models import Listing
from neighbourly.listings.service.ceilings import require_room
from neighbourly.listings.service.showing import begin, forget_place, let_last, place
from neighbourly.listings.service.understanding import forget_meaning


def publish_listing(*, actor: Actor, listing_id: UUID) -> Listing:
    """A draft is shown, where its owner lives by now; raises `HomeMissing`."""
    listing = selectors.get_own_listing(listing_id, actor.id)
    listing.move(Action.PUBLISH)
    begin(listing, clock.now())
    publish(ListingPublished(listing.id))
    return listing


def pause_listing(*, actor: Actor, listing_id: UUID) -> Listing:
    """What is paused is not shown, and runs towards its end all the same."""
    listing = selectors.get_own_listing(listing_id, actor.id)
    listing.move(Action.PAUSE)
    publish(ListingPaused(listing.id))
    return listing


def resume_listing(*, actor: Actor, listing_id: UUID) -> Listing:
    """What was paused is shown again, where its owner lives by now; raises `HomeMissing`."""
    listing = selectors.get_own_listing(listing_id, actor.id)
    listing.move(Action.RESUME)
    place(listing)
    publish(ListingResumed(listing.id))
    return listing


def close_listing(*, actor: Actor, listing_id: UUID) -> Listing:
    """What is closed stays so; its owner still sees it."""
    listing = selectors.get_own_listing(listing_id, actor.id)
    listing.move(Action.CLOSE)
    publish(ListingClosed(listing.id))
    return listing


def fulfil_listing(*, actor: Actor, listing_id: UUID, how: str) -> Listing:
    """A need is met through an exchange here, elsewhere, or is one no longer."""
    listing = selectors.get_own_listing(listing_id, actor.id)
    listing.move(Action.FULFIL)
    listing.fulfilled_how = how
    publish(ListingFulfilled(listing.id))
    return listing


def fulfil_by_exchange(*, listing_id: UUID) -> None:
    """A need is met once as many as it asked for have helped; one that has ended otherwise stays so."""
    listing = db.session.get_one(Listing, listing_id, with_for_update=True)
    if Action.FULFIL in listing.allowed_actions:
        listing.move(Action.FULFIL)
        listing.fulfilled_how = "exchange"
        publish(ListingFulfilled(listing.id, by_exchange=True))


def close_given_away(*, listing_id: UUID) -> None:
    """What was given away, to the last piece, is offered no longer."""
    listing = db.session.get_one(Listing, listing_id, with_for_update=True)
    if Action.CLOSE in listing.allowed_actions:
        listing.move(Action.CLOSE)
        publish(ListingClosed(listing.id, by_exchange=True))


def renew_listing(*, actor: Actor, listing_id: UUID) -> Listing:
    """One tap lets a listing last a whole term from now, and shows it again if it had expired."""
    listing = selectors.get_own_listing(listing_id, actor.id)
    had_expired = listing.status == "expired"
    listing.move(Action.RENEW)
    now = clock.now()
    if had_expired:
        require_room(actor.id, more=1, copies=listing.quantity)
        begin(listing, now)
        publish(ListingResumed(listing.id))
        return listing
    if listing.direction == "request":
        listing.needed_until = expiry.later_end(listing.needed_until, now)
    let_last(listing, now)
    publish(ListingChanged(listing.id))
    return listing


def delete_listing(*, actor: Actor, listing_id: UUID) -> None:
    """A draft is gone at once; anything that others saw is closed and hidden from everyone, its owner included.

    Its row stays for the answers and notices that refer to it, without its place. Raises `ExchangeOpen` while something
    agreed rests on it (BOK-12).
    """
    listing = selectors.get_own_listing(listing_id, actor.id)
    if listing.status == "draft":
        db.session.delete(listing)
        return
    publish(ListingDeleting(listing.id))
    bury(listing)


def bury(listing: Listing) -> None:
    """End a listing that had been shown, and hide it for good."""
    if Action.CLOSE in listing.allowed_actions:
        listing.move(Action.CLOSE)
        publish(ListingClosed(listing.id))
    listing.deleted_at = clock.now()
    forget_place(listing)
    forget_meaning(listing)
