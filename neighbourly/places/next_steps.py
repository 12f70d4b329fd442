"""What a person still has to do about their home before the app is of use."""

from __future__ import annotations

from uuid import UUID

from neighbourly.places.selectors import find_home


def set_home(user_id: UUID) -> str | None:
    """Nothing is near to someone who lives nowhere."""
    return "set_home" if find_home(user_id) is None else None
