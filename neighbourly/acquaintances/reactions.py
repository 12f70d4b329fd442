"""What acquaintances do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.acquaintances import service


def forget_person(event: AccountErasing) -> None:
    """Delete whom they approached and who approached them."""
    service.forget_person(user_id=event.user_id)
