"""An ask as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, func, literal, select

from neighbourly.accounts.models import User
from neighbourly.accounts.names import first_word
from neighbourly.answers.selectors import count_yes
from neighbourly.core import clock
from neighbourly.core.bands import BEGINNINGS
from neighbourly.core.cells import TOWN, coarsen
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import ListingView, view_listing
from neighbourly.listings.summaries import OwnerSummary
from neighbourly.matching.models import Ask, Asked
from neighbourly.matching.quota import max_radius_m
from neighbourly.matching.rule import PAUSE
from neighbourly.matching.selectors.asks import find_ask
from neighbourly.matching.selectors.needs import need_of
from neighbourly.matching.selectors.usage import find_usage
from neighbourly.matching.suggestions import Suggestion, suggestions, suggestions_behind_others, suggestions_until
from neighbourly.preferences.density import RADII_M
from neighbourly.preferences.models import CellRadius, Preferences
from neighbourly.preferences.selectors import get_preferences

FEWER_THAN_ELEVEN = (0, 1, 5)
TOLD_ANYWHERE = frozenset({"enough", "stopped"})
"""What follows from yeses that the one who asks reads, or from what they did themselves."""
SAID_TO_ASK_FOR = timedelta(hours=24)
"""So long after it was published a request around which few are asked is said to be asked, whoever lives there."""


@dataclass(frozen=True)
class Asking:
    """How the asking stands, as the one who asks sees it."""

    state: str
    asked: int
    """At least so many; 0 where the radius is too small to say (LOC-12)."""
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
    """The asking of a request; None where there is none, as for offers and drafts. At most eight statements."""
    ask = find_ask(listing.id)
    if ask is None:
        return None
    asked, radius_m, chosen_m, circle_m = db.session.execute(_figures(listing)).one()
    if is_below_circle(chosen_m, circle_m):
        state = ask.state if ask.state in TOLD_ANYWHERE else state_by_time(listing.published_at)
        help_out = suggestions(listing.id, radius_m) if state == "exhausted" else ()
        return Asking(state, 0, count_yes(listing), None, None, help_out)
    next_wave_at = None if ask.waits_for == "other_needs" else ask.next_wave_at
    expected = _expected_by(next_wave_at, listing.needed_until)
    help_out = _suggestions(ask, listing)
    return Asking(ask.state, at_least(asked), count_yes(listing), next_wave_at, expected, help_out)


def state_by_time(published_at: datetime | None) -> str:
    """How the asking stands where few live: the same whoever lives there, by nothing but the time (LOC-12)."""
    return "exhausted" if published_at is not None and published_at <= clock.now() - SAID_TO_ASK_FOR else "asking"


def tells_nobody(listing: Listing) -> bool:
    """Whether a request is asked around so near that nothing in its circle is counted; one statement."""
    _, _, chosen_m, circle_m = db.session.execute(_figures(listing)).one()
    return is_below_circle(chosen_m, circle_m)


def _figures(listing: Listing) -> Select[Any]:
    """How many were asked, how far around, what of it was chosen, and how far fifty live from there, as was counted."""
    asked = select(func.count()).select_from(Asked).where(Asked.listing_id == listing.id).scalar_subquery()
    its, wishes = literal(listing.radius_m, Integer()), Preferences.user_id == listing.owner_id
    reach = func.coalesce(its, select(Preferences.reach_m).where(wishes).scalar_subquery(), RADII_M[-1])
    chosen = func.coalesce(its, select(Preferences.radius_m).where(wishes).scalar_subquery())
    circle = select(CellRadius.radius_m).where(CellRadius.cell == coarsen(listing.cell, TOWN)).scalar_subquery()
    return select(asked, reach, chosen, circle)


def is_below_circle(chosen_m: int | None, circle_m: int | None) -> bool:
    """Whether a chosen radius is smaller than the circle that holds fifty neighbours; one left open is that circle.

    Where nobody has counted yet the circle is the widest.
    """
    return chosen_m is not None and chosen_m < (circle_m or RADII_M[-1])


def at_least(count: int) -> int:
    """About how many, as the lower end of a step: nobody, a few, some, and then as figures of people are told."""
    return max(step for step in (*FEWER_THAN_ELEVEN, *BEGINNINGS) if step <= count)


def _suggestions(ask: Ask, listing: Listing) -> tuple[Suggestion, ...]:
    """What may help where everyone was asked, or why it waits and until when. At most five statements."""
    if ask.state == "exhausted":
        need = need_of(listing)
        farthest_m = max_radius_m(find_usage(need, clock.now()))
        return suggestions(listing.id, min(need.radius_m, farthest_m), farthest_m)
    if ask.waits_for == "other_needs":
        return suggestions_behind_others(listing.id)
    if ask.waits_for == "week" and ask.next_wave_at is not None:
        return suggestions_until(listing.id, ask.next_wave_at, get_preferences(listing.owner_id).time_zone)
    return ()


def _expected_by(next_wave_at: datetime | None, needed_until: datetime | None) -> datetime | None:
    """When to expect an answer: once those of the coming wave have had their ten minutes, and while there is a need."""
    if next_wave_at is None:
        return None
    return next_wave_at + PAUSE if needed_until is None else min(next_wave_at + PAUSE, needed_until)
