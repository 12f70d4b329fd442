"""What thanks do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.thanks import service


def forget_person(event: AccountErasing) -> None:
    """Delete what was said of who leaves."""
    service.forget_person(user_id=event.user_id)
