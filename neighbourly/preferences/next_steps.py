"""What preferences add to the steps of a newcomer."""

from __future__ import annotations

from uuid import UUID

from neighbourly.preferences import selectors


def choose_interests(user_id: UUID) -> str | None:
    """Someone without any interest is found by their offers only."""
    return None if selectors.has_interests(user_id) else "choose_interests"
