"""How finely a cell may be shown: pure rules over public figures, never over our own members (LOC-06)."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.core.cells.grid import DISTRICT, STREET, TOWN, Cell, children, coarsen

LEAST_HOUSEHOLDS = 11
"""A cell in which somebody's home is shown holds at least as many; eleven is also what INSEE's gridded data keep to."""
CELLS_A_DISTRICT = 7
MEAN_CELL_KM2 = {STREET: 0.1, DISTRICT: 0.7}


def finest_by_density(households: int | None, area_km2: float) -> int:
    """The finest resolution at which a cell of this density holds eleven households on average.

    Where nobody has counted them it is `DISTRICT`; where there are fewer than eleven in all, `TOWN`, however dense.
    """
    if households is None:
        return DISTRICT
    if households < LEAST_HOUSEHOLDS:
        return TOWN
    for resolution, cell_km2 in MEAN_CELL_KM2.items():
        if households * cell_km2 >= LEAST_HOUSEHOLDS * area_km2:
            return resolution
    return TOWN


def holds_enough(households: int | None, *, within: int, of: int) -> bool:
    """Whether a part of a territory, `within` of its `of` cells, holds eleven households on average (LOC-12).

    Where nobody has counted them a part is taken for large enough once it is as large as a cell of `DISTRICT`.
    """
    if households is None:
        return within >= CELLS_A_DISTRICT
    return households * within >= LEAST_HOUSEHOLDS * of


def finest_shown(cell: Cell, own_finest: Mapping[Cell, int]) -> int:
    """The finest resolution at which a cell of resolution 9 may be shown, given what density allows each around it.

    A cell is shown at a resolution only if all cells of the same parent may be, and the parent itself may be:
    else whoever is shown coarsely among fine neighbours must live in the part where few do (LOC-04).
    A cell that `own_finest` does not know counts as `TOWN`.
    """
    shown = TOWN
    for resolution in (DISTRICT, STREET):
        family = children(coarsen(cell, resolution - 1), STREET)
        if any(own_finest.get(each, TOWN) < resolution for each in family):
            return shown
        shown = resolution
    return shown
