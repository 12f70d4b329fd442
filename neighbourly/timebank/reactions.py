"""What the timebank does when something happens below it."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.timebank import service


def forget_person(event: AccountErasing) -> None:
    """Delete the words of who leaves."""
    service.forget_person(user_id=event.user_id)
