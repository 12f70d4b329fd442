"""What preferences do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing, UserRegistered
from neighbourly.places.events import HomeMoved
from neighbourly.preferences import service


def make_preferences(event: UserRegistered) -> None:
    """Give a new neighbour the preferences that suit most."""
    service.make_preferences(user_id=event.user_id)


def follow_home(event: HomeMoved) -> None:
    """Move the reach along."""
    service.follow_home(user_id=event.user_id)


def forget_person(event: AccountErasing) -> None:
    """Delete preferences, interests and searches."""
    service.forget_person(user_id=event.user_id)
