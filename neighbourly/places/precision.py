"""How finely a home is kept: as asked for, and as far as the density of the place allows (LOC-04, LOC-06)."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.core.cells import DISTRICT, STREET, TOWN, Cell, children, coarsen, finest_shown, resolution_of

RESOLUTIONS = {"street": STREET, "district": DISTRICT, "town": TOWN}
NAMES = {resolution: name for name, resolution in RESOLUTIONS.items()}


def precision_of(cell: Cell) -> str:
    """The name of the cell's resolution."""
    return NAMES[resolution_of(cell)]


def finest_allowed(cell: Cell, own_finest: Mapping[Cell, int]) -> int:
    """The finest resolution that is allowed in every part of the cell.

    `own_finest` says of each cell of resolution 9 around it what its own territory allows.
    """
    return min(finest_shown(part, own_finest) for part in children(cell, STREET))


def kept_cell(cell: Cell, wanted: int, own_finest: Mapping[Cell, int]) -> Cell:
    """The cell that is kept of a given one: no finer than wanted, than allowed, or than it came."""
    return coarsen(cell, min(wanted, finest_allowed(cell, own_finest)))
