"""What follows here from what happens below."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.places import service
from neighbourly.territories.events import TerritoriesChanged


def follow_territories(event: TerritoriesChanged) -> None:
    """Homes are of another neighbourhood, or too fine for it."""
    service.refit_homes(town_cells=event.town_cells)


def forget_home(event: AccountErasing) -> None:
    """Nobody lives there any more."""
    service.forget_home(user_id=event.user_id)
