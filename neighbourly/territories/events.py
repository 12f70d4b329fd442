"""What happens to territories."""

from __future__ import annotations

from dataclasses import dataclass

from neighbourly.core.cells import Cell


@dataclass(frozen=True)
class TerritoriesChanged:
    """An import changed whose cells are whose, or how finely a home may be shown there."""

    town_cells: frozenset[Cell]
    """The cells of resolution 7 in which something changed."""
