"""What listings make of what happens to accounts and homes."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.listings import service
from neighbourly.places.events import HomeMoved


def move_listings_along(event: HomeMoved) -> None:
    """Listings lie where their owner lives."""
    service.follow_home(user_id=event.user_id)


def empty_listings(event: AccountErasing) -> None:
    """Nothing of what a former neighbour wrote stays."""
    service.empty_listings_of(user_id=event.user_id)
