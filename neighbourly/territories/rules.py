"""The rules of fair use of a neighbourhood, and whether it counts hours."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.selectors import Actor
from neighbourly.core import audit
from neighbourly.core.db import locked
from neighbourly.core.errors import NotFound, require
from neighbourly.territories.models import Territory
from neighbourly.territories.policy import may_govern


def change_rules(*, actor: Actor, neighbourhood_id: UUID, **changes: str | int) -> Territory:
    """Only who governs a neighbourhood changes its rules; on record. What goes on already is not undone by it."""
    territory: Territory | None = locked(select(Territory).where(Territory.id == neighbourhood_id))
    require(territory is not None, NotFound)
    assert territory is not None  # noqa: S101  # required in the line before
    require(may_govern(actor, territory))
    for name, value in changes.items():
        setattr(territory, name, value)
    audit.record("rules_changed", actor_id=actor.id, subject_id=territory.id, **changes)
    return territory
