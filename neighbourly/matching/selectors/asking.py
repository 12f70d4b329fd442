"""An ask as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from neighbourly.accounts.models import User
from neighbourly.accounts.names import first_word
from neighbourly.answers.selectors import count_yes
from neighbourly.core.cells import coarsen
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import ListingView, view_listing
from neighbourly.listings.summaries import OwnerSummary
from neighbourly.matching.models import Asked
from neighbourly.matching.rule import PAUSE
from neighbourly.matching.selectors.asks import find_ask, need_of
from neighbourly.matching.suggestions import Suggestion, suggestions


@dataclass(frozen=True)
class Asking:
    """How the asking stands, as the one who asks sees it."""

    state: str
    asked: int
    yes: int
    next_wave_at: datetime | None
    expect_by: datetime | None
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class WholeListing(ListingView):
    """A listing as one person sees it, with its asking for who asks."""

    asking: Asking | None = None


@dataclass(frozen=True)
class HeldListing(WholeListing):
    """A listing as those see it who only have a part in it: no place, no hours, and of its owner the first name."""

    cell: str = ""
    availability: tuple[dict[str, Any], ...] = ()
    unavailable: tuple[dict[str, Any], ...] = ()

    @property
    def available(self) -> bool:
        """There is nothing to be done with it."""
        return False


def view_held(listing: Listing) -> HeldListing:
    """What concerns who has a part in a listing; one statement for its owner's name."""
    display_name = db.session.scalar(select(User.display_name).where(User.id == listing.owner_id)) or ""
    owner: OwnerSummary = {"id": listing.owner_id, "display_name": first_word(display_name), "photo": None}
    return HeldListing(listing, owner, distance_m=None, own=False, cell=coarsen(listing.cell, 0))


def view_whole(listing: Listing, viewer_id: UUID) -> WholeListing:
    """The listing with all that this person may know of it."""
    asking = _asking(listing) if listing.owner_id == viewer_id else None
    return WholeListing(**vars(view_listing(listing, viewer_id)), asking=asking)


def _asking(listing: Listing) -> Asking | None:
    """The asking of a request; None where there is none, as for offers and drafts. At most four statements."""
    ask = find_ask(listing.id)
    if ask is None:
        return None
    asked = db.session.scalar(select(func.count()).select_from(Asked).where(Asked.listing_id == listing.id)) or 0
    help_out = suggestions(listing.id, need_of(listing).radius_m) if ask.state == "exhausted" else ()
    expected = _expected_by(ask.next_wave_at, listing.needed_until)
    return Asking(ask.state, asked, count_yes(listing), ask.next_wave_at, expected, help_out)


def _expected_by(next_wave_at: datetime | None, needed_until: datetime | None) -> datetime | None:
    """When to expect an answer: once those of the coming wave have had their ten minutes, and while there is a need."""
    if next_wave_at is None:
        return None
    return next_wave_at + PAUSE if needed_until is None else min(next_wave_at + PAUSE, needed_until)
