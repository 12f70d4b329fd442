"""The grid: from a point to its cell, and up and down the cells that nest in one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import h3

Cell = str
"""An H3 index as 15 hexadecimal digits, of resolution 9 or coarser."""

STREET, DISTRICT, TOWN = 9, 8, 7
"""Resolutions of about 0.1, 0.7 and 5 km² a cell."""

SPELLING = re.compile("[0-9a-f]{15}")


class CellInvalid(ValueError):
    """The text is not an H3 cell."""


class CellTooFine(CellInvalid):
    """A cell finer than resolution 9 says more than this program wants to know (LOC-10)."""


class LatLon(NamedTuple):
    """WGS 84, in degrees."""

    lat: float
    lon: float


def snap(lat: float, lon: float, resolution: int = STREET) -> Cell:
    """The cell of a point, always by way of resolution 9: so cells nest (LOC-04).

    Asking H3 for the coarser cell directly differs for about one point in fourteen, since hexagons
    do not tile a hexagon.
    """
    return str(h3.cell_to_parent(h3.latlng_to_cell(lat, lon, STREET), resolution))


def parse(text: str) -> Cell:
    """The cell that a text names, in lower case; raises `CellInvalid`, `CellTooFine`.

    A cell has one spelling, while H3 would also read digits of other scripts, and fail on a sign.
    """
    cell = text.lower()
    if not SPELLING.fullmatch(cell) or not h3.is_valid_cell(cell):
        raise CellInvalid(text)
    if h3.get_resolution(cell) > STREET:
        raise CellTooFine()
    return cell


def resolution_of(cell: Cell) -> int:
    """0 (continents) to 9 (streets)."""
    return int(h3.get_resolution(cell))


def coarsen(cell: Cell, resolution: int) -> Cell:
    """The ancestor of that resolution; the cell itself where it already is as coarse."""
    return cell if resolution_of(cell) <= resolution else str(h3.cell_to_parent(cell, resolution))


@lru_cache(maxsize=65536)
def centre(cell: Cell) -> LatLon:
    """The cell's centre, rounded to six decimals (about 0.1 m)."""
    lat, lon = h3.cell_to_latlng(cell)
    return LatLon(round(lat, 6), round(lon, 6))


def centre_child(cell: Cell, resolution: int = STREET) -> Cell:
    """The descendant that has the same centre."""
    return str(h3.cell_to_center_child(cell, resolution))


def children(cell: Cell, resolution: int) -> frozenset[Cell]:
    """All descendants of that resolution."""
    return frozenset(map(str, h3.cell_to_children(cell, resolution)))


def siblings(cell: Cell) -> frozenset[Cell]:
    """The cells of the same parent, this one included."""
    resolution = resolution_of(cell)
    return children(str(h3.cell_to_parent(cell, resolution - 1)), resolution)


def rings(cell: Cell, k: int) -> frozenset[Cell]:
    """All cells at most k steps away."""
    return frozenset(map(str, h3.grid_disk(cell, k)))


def cover(geometry: Mapping[str, Any]) -> frozenset[Cell]:
    """Cells of resolution 9 whose centres lie in a GeoJSON Polygon or MultiPolygon (longitude first), less its holes.

    Of two polygons that share an edge and no more, no cell is in both.
    """
    return frozenset(map(str, h3.geo_to_cells(geometry, STREET)))
