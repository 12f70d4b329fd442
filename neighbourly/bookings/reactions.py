"""What bookings do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.bookings import service
from neighbourly.listings.events import ListingChanged, ListingClosed, ListingResumed
from neighbourly.places.events import HomeMoved
from neighbourly.preferences.events import AbsenceAnnounced, AbsenceEnded


def ask_next(event: ListingChanged | ListingResumed) -> None:
    """There may be more copies, or they are shown again: somebody's turn may have come."""
    service.ask_next(event.listing_id)


def dissolve_line(event: ListingClosed) -> None:
    """Nobody waits for what is offered no longer."""
    service.dissolve_line(listing_id=event.listing_id)


def dismiss_far(event: HomeMoved) -> None:
    """Nobody waits for a thing that is too far away by now."""
    service.dismiss_far(owner_id=event.user_id)


def pass_turns(event: AbsenceAnnounced) -> None:
    """Nobody behind somebody who is away waits for them."""
    service.pass_turns(user_id=event.user_id)


def ask_who_is_back(event: AbsenceEnded) -> None:
    """It may be their turn for what came free meanwhile."""
    service.ask_in_lines_of(user_id=event.user_id)


def forget_person(event: AccountErasing) -> None:
    """Take who leaves out of every line."""
    service.forget_person(user_id=event.user_id)
