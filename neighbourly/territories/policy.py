"""Who may set the rules of a neighbourhood."""

from __future__ import annotations

from typing import Protocol

from neighbourly.territories.models import Territory


class Governor(Protocol):
    """Whoever acts, as far as this matters."""

    @property
    def role(self) -> str:
        """`neighbour`, `moderator` or `admin`."""

    @property
    def territory_code(self) -> str | None:
        """Where a moderator's power ends; None: nowhere in the installation."""


def may_govern(actor: Governor, territory: Territory | None) -> bool:
    """Admins everywhere, moderators in their own territory, or everywhere if they have none."""
    if actor.role == "admin":
        return True
    own = territory is not None and actor.territory_code == territory.code
    return actor.role == "moderator" and (actor.territory_code is None or own)
