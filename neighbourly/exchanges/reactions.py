"""What exchanges do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing, PasswordChanged, PersonBlocked
from neighbourly.exchanges import service
from neighbourly.exchanges.service.feeds import end_feed
from neighbourly.listings.events import (
    ListingClosed,
    ListingDeleting,
    ListingEdited,
    ListingExpired,
    ListingFulfilled,
    ListingPaused,
)
from neighbourly.places.events import HomeMoved
from neighbourly.preferences.events import PreferencesChanged


def refuse_while_open(event: AccountErasing) -> None:
    """Keep who has, or lent, a thing that is not back; who is gone already is not kept."""
    if not event.again:
        service.refuse_while_open(user_id=event.user_id)


def forget_person(event: AccountErasing) -> None:
    """End what is pending of who leaves."""
    service.forget_person(user_id=event.user_id)


def end_calendar(event: PasswordChanged) -> None:
    """A private calendar address ends with the password it was made under."""
    end_feed(event.user_id)


def follow_rests(event: PreferencesChanged) -> None:
    """Remind at an hour that suits: quiet hours may be others."""
    service.follow_rests(user_id=event.user_id)


def take_edit(event: ListingEdited) -> None:
    """Keep what was agreed as it was, and tell whom it concerns."""
    service.take_edit(listing_id=event.listing_id, before=event.before)


def refuse_deletion(event: ListingDeleting) -> None:
    """Keep a listing on which something agreed rests."""
    service.refuse_deletion(listing_id=event.listing_id)


def end_proposals(event: ListingClosed | ListingExpired | ListingFulfilled | ListingPaused) -> None:
    """What is only proposed ends with the listing, with an owner's tap at once."""
    by_tap = isinstance(event, ListingPaused) or (not isinstance(event, ListingExpired) and not event.by_exchange)
    service.end_proposals(listing_id=event.listing_id, now=by_tap)


def end_out_of_reach(event: HomeMoved) -> None:
    """Nobody is held to what was proposed before one of the two moved far away."""
    service.end_out_of_reach(user_id=event.user_id)


def part(event: PersonBlocked) -> None:
    """End what is pending between the two."""
    service.part(user_id=event.blocker_id, other_id=event.blocked_id)
