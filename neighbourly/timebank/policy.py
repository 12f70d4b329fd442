"""Who may do what in the timebank."""

from __future__ import annotations

from neighbourly.territories.policy import may_govern

__all__ = ["may_govern", "may_see_pot"]


def may_see_pot(*, is_settled: bool, governs: bool) -> bool:
    """Who has lived there for a month, and who governs it."""
    return is_settled or governs
