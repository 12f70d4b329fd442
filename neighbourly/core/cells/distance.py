"""Distance, from cell centre to cell centre, by one rule for order, radius and display.

Web Mercator stretches by 1/cos(latitude); the distance shown is the Mercator one times the cosine of the
latitude looked from, so that what the index orders by is what people read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import cos, hypot, log, pi, radians, tan

from neighbourly.core.cells.grid import Cell, centre

EARTH_RADIUS_M = 6378137.0
"""The sphere of EPSG:3857."""
HALF_A_METRE = 0.5
"""Distances are told in whole metres, so that everything told as at most so far is found, and nothing else."""


@lru_cache(maxsize=65536)
def mercator(cell: Cell) -> tuple[float, float]:
    """The centre's metres east and north in Web Mercator (EPSG:3857)."""
    lat, lon = centre(cell)
    return EARTH_RADIUS_M * radians(lon), EARTH_RADIUS_M * log(tan(pi / 4 + radians(lat) / 2))


def shrink(cell: Cell) -> float:
    """Metres on the ground for one Mercator metre, seen from this cell."""
    return cos(radians(centre(cell).lat))


def mercator_reach(metres: float, cell: Cell) -> float:
    """How many Mercator metres reach that far on the ground, seen from this cell."""
    return metres / shrink(cell)


def box_around(cell: Cell, radius_m: int) -> tuple[float, float, float, float]:
    """The box that holds all that is told as at most so far away: west, south, east, north in Mercator metres."""
    (x, y), reach = mercator(cell), mercator_reach(radius_m + HALF_A_METRE, cell)
    return x - reach, y - reach, x + reach, y + reach


def metres_from(looked_from: Cell) -> Callable[[Cell], int]:
    """How to tell the whole metres from this centre to that of any cell."""
    (x, y), scale = mercator(looked_from), shrink(looked_from)

    def metres_to(looked_at: Cell) -> int:
        east, north = mercator(looked_at)
        return round(hypot(east - x, north - y) * scale)

    return metres_to


def metres_between(looked_from: Cell, looked_at: Cell) -> int:
    """Whole metres between two centres, seen from the first."""
    return metres_from(looked_from)(looked_at)
