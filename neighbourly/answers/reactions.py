"""What answers do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.answers import service


def forget_person(event: AccountErasing) -> None:
    """Delete the answers of who leaves."""
    service.forget_person(user_id=event.user_id)
