"""Use cases of neighbours."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.neighbours import selectors
from neighbourly.neighbours.selectors import Face


def get_neighbour(*, actor: Actor, user_id: UUID) -> Face:
    """Every member sees the public face of every other, unless one blocked the other."""
    return selectors.get_face(user_id, actor.id, actor.language)
