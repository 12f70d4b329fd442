"""What people may read of a match, and how they ask to be asked less."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.errors import NotFound, require
from neighbourly.exchanges.holding import held
from neighbourly.listings import selectors as listings
from neighbourly.listings.models import Listing
from neighbourly.matching import policy, selectors
from neighbourly.matching.errors import AskedForAnOffer
from neighbourly.matching.selectors import AskedPage, Matches, WholeListing
from neighbourly.preferences import service as preferences
from neighbourly.preferences.models import Preferences
from neighbourly.preferences.selectors import tell_interested


def get_listing(*, actor: Actor, listing_id: UUID) -> WholeListing:
    """Whoever may see a listing sees it whole; how the asking stands is for who asks.

    Who has a part in one that others do not see any more sees what concerns them, and does nothing with it.
    """
    listing, only_held = listings.read_listing(listing_id, actor.id, held(actor.id))
    return selectors.view_held(listing) if only_held else selectors.view_whole(listing, actor.id)


def list_matches(*, actor: Actor, listing_id: UUID, limit: int) -> Matches:
    """Only its owner sees what goes with a listing; to anyone else there is nothing to be found."""
    listing = listings.get_listing(listing_id, actor.id)
    require(policy.may_see_matches(actor.id, listing), NotFound)
    return selectors.show_matches(listing, limit, _interested_in(listing))


def _interested_in(listing: Listing) -> int:
    """About how many around take an interest in a request; neither its radius nor any one of them moves it (LOC-12)."""
    if listing.direction != "request" or listing.category is None:
        return 0
    return tell_interested(listing.cell, listing.category)


def list_asked(*, actor: Actor, limit: int, cursor: str | None) -> AskedPage:
    """What one was asked for, newest first, and whether one is asked last for now."""
    return selectors.view_asked(actor.id, limit=limit, cursor=cursor)


def ask_less(*, actor: Actor, less: str) -> Preferences:
    """Who is asked too much says so with one tap: less of a category, or less of everything.

    Raises `AskedForAnOffer` where it is not an interest but a published offer that brings those needs.
    """
    if less == "all":
        return preferences.lower_asks(actor=actor)
    wishes, dropped = preferences.drop_interest(actor=actor, category=less)
    require(dropped or not selectors.asked_for_an_offer(actor.id, less), AskedForAnOffer)
    return wishes
