"""Who may do what in the timebank."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.territories.models import Territory
from neighbourly.territories.policy import may_govern

__all__ = ["may_govern", "may_see_pot"]


def may_see_pot(actor: Actor, territory: Territory, home_neighbourhood_id: UUID | None) -> bool:
    """Its neighbours, and who governs it."""
    return home_neighbourhood_id == territory.id or may_govern(actor, territory)
