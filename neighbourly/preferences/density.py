"""How far is near: the radius that follows from how many neighbours live around."""

from __future__ import annotations

RADII_M = (1_000, 2_000, 5_000, 10_000, 20_000)
ENOUGH_NEIGHBOURS = 50
STILL_ENOUGH = 45
"""A radius once told holds as long as so many live within it: nobody tells from it who moved out (LOC-12)."""


def radius_holding(distance_m: float | None) -> int:
    """Give the smallest radius that holds a neighbour at that distance; the largest where there is none (None)."""
    if distance_m is None:
        return RADII_M[-1]
    return next((radius for radius in RADII_M if distance_m <= radius), RADII_M[-1])


def radius_told(told: int | None, *, enough: int, still: int) -> int:
    """The radius from now on: `enough` and `still` hold 50 and 45 neighbours, `told` is the one in force so far."""
    return told if told is not None and still <= told < enough else enough
