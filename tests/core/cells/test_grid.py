"""Cells: one spelling each, nested in one another, and covering neighbourhoods without overlap."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN, CellInvalid, CellTooFine

points = st.tuples(st.floats(-89.9, 89.9), st.floats(-180, 180))
resolutions = st.integers(0, STREET)
small = st.integers(5, STREET)
CAPITOLE = "8939601ae77ffff"
# The part of Toulouse that generated polygons lie in: west, south, east, north.
WEST, SOUTH, EAST, NORTH = 1.40, 43.58, 1.46, 43.62


def rectangle(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def test_the_middle_of_toulouse_is_where_it_is():
    assert cells.snap(43.6045, 1.4440) == CAPITOLE
    assert cells.centre(CAPITOLE) == (43.604081, 1.442548)


@given(points, small)
def test_cells_nest_whichever_way_one_goes_up(point, resolution):
    """LOC-04"""
    cell = cells.snap(*point)
    assert cells.snap(*point, resolution) == cells.coarsen(cell, resolution)
    assert cell in cells.children(cells.coarsen(cell, resolution), STREET)


@given(points, resolutions)
def test_the_centre_of_a_cell_lies_in_it(point, resolution):
    cell = cells.snap(*point, resolution)
    assert cells.snap(*cells.centre(cell), resolution) == cell
    assert cells.snap(*cells.centre(cell)) == cells.centre_child(cell)


@given(points)
def test_a_centre_is_rounded_and_always_the_same(point):
    centre = cells.centre(cells.snap(*point))
    assert centre == (round(centre.lat, 6), round(centre.lon, 6))


@given(points, resolutions)
def test_a_cell_reads_back_as_itself(point, resolution):
    cell = cells.snap(*point, resolution)
    assert cells.parse(cell) == cells.parse(cell.upper()) == cell
    assert cells.resolution_of(cell) == resolution


@pytest.mark.parametrize(
    "text",
    [
        "",
        "toulouse",
        "8" * 15,
        f" {CAPITOLE}",
        f"{CAPITOLE} ",
        f"0x{CAPITOLE}",
        CAPITOLE[:-1],
        CAPITOLE.replace("8", "８", 1),
        CAPITOLE.replace("9", "٩", 1),
        f"10{CAPITOLE[1:]}",
        f"-{CAPITOLE[1:]}",
        f"{CAPITOLE[:7]}\0{CAPITOLE[8:]}",
    ],
)
def test_anything_else_is_no_cell(text):
    with pytest.raises(CellInvalid) as refusal:
        cells.parse(text)
    assert not isinstance(refusal.value, CellTooFine)


@pytest.mark.parametrize("text", ["8a39601ae757fff", "8f39601ae700000", "8A39601AE757FFF"])
def test_a_cell_finer_than_a_street_is_refused_and_not_repeated(text):
    """LOC-10"""
    with pytest.raises(CellTooFine) as refusal:
        cells.parse(text)
    assert "601ae7" not in repr(refusal.value).lower()


def test_coarsening_to_a_finer_resolution_changes_nothing():
    town = cells.coarsen(CAPITOLE, TOWN)
    assert cells.coarsen(town, STREET) == town


@given(points, st.integers(1, STREET))
def test_siblings_share_one_parent(point, resolution):
    cell = cells.snap(*point, resolution)
    family = cells.siblings(cell)
    assert cell in family
    assert {cells.coarsen(each, resolution - 1) for each in family} == {cells.coarsen(cell, resolution - 1)}


def test_a_town_cell_holds_seven_districts_of_seven_streets():
    town = cells.coarsen(CAPITOLE, TOWN)
    assert len(cells.children(town, DISTRICT)) == 7
    assert len(cells.children(town, STREET)) == 49
    assert len(cells.siblings(CAPITOLE)) == 7


@pytest.mark.parametrize("k", range(4))
def test_rings_grow_by_six(k):
    assert len(cells.rings(CAPITOLE, k)) == 1 + 3 * k * (k + 1)


@st.composite
def polygons(draw) -> dict:
    """A star-shaped polygon of Toulouse with a hole of the same shape in its middle."""
    rays = draw(st.lists(st.tuples(st.floats(0.4, 1), st.floats(0.4, 1)), min_size=5, max_size=12))
    share = draw(st.floats(0.2, 0.8))
    lon, lat = (WEST + EAST) / 2, (SOUTH + NORTH) / 2
    turns = [complex(0, 1) ** (4 * i / len(rays)) for i in range(len(rays))]
    outer = [
        (lon + turn.real * far * (EAST - lon), lat + turn.imag * far * (NORTH - lat))
        for turn, (far, _) in zip(turns, rays, strict=True)
    ]
    hole = [(lon + (x - lon) * share, lat + (y - lat) * share) for x, y in outer]
    return {"type": "Polygon", "coordinates": [[*outer, outer[0]], [*hole, hole[0]]]}


@given(polygons())
def test_a_cover_is_the_cells_whose_centres_lie_in_the_polygon_and_in_no_hole(polygon):
    area = shape(polygon)
    candidates = cells.cover({"type": "Polygon", "coordinates": [rectangle(WEST, SOUTH, EAST, NORTH)]})
    clear = {cell: Point(cells.centre(cell).lon, cells.centre(cell).lat) for cell in candidates}
    clear = {cell: centre for cell, centre in clear.items() if area.boundary.distance(centre) > 1e-5}
    covered = cells.cover(polygon)
    assert covered & clear.keys() == {cell for cell, centre in clear.items() if area.contains(centre)}
    assert covered <= candidates


def bounded_by(border: list[tuple[float, float]], side: float) -> dict:
    """What lies between a border from south to north and a meridian on one side of it."""
    return {"type": "Polygon", "coordinates": [[(side, SOUTH), *border, (side, NORTH), (side, SOUTH)]]}


@given(st.lists(st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH)), min_size=1, max_size=6, unique=True))
def test_of_two_polygons_with_a_common_edge_each_cell_has_one(bends):
    """Whatever the border between them, even through the centres of cells."""
    snapped = [cells.centre(cells.snap(lat, lon)) for lon, lat in sorted(bends, key=lambda bend: bend[1])]
    border = [((WEST + EAST) / 2, SOUTH), *((lon, lat) for lat, lon in snapped), ((WEST + EAST) / 2, NORTH)]
    west = bounded_by(border, WEST - 0.01)
    east = bounded_by(border, EAST + 0.01)
    assume(shape(west).is_valid and shape(east).is_valid)
    both = {"type": "Polygon", "coordinates": [rectangle(WEST - 0.01, SOUTH, EAST + 0.01, NORTH)]}
    assert not cells.cover(west) & cells.cover(east)
    assert cells.cover(west) | cells.cover(east) == cells.cover(both)


def test_a_multipolygon_is_covered_in_all_its_parts():
    parts = [rectangle(1.40, 43.58, 1.42, 43.60), rectangle(1.44, 43.60, 1.46, 43.62)]
    whole = cells.cover({"type": "MultiPolygon", "coordinates": [[part] for part in parts]})
    each = [cells.cover({"type": "Polygon", "coordinates": [part]}) for part in parts]
    assert whole == each[0] | each[1]
    assert all(each)


def test_an_island_in_a_hole_is_covered():
    outer, hole = rectangle(WEST, SOUTH, EAST, NORTH), rectangle(1.41, 43.59, 1.45, 43.61)
    island = rectangle(1.425, 43.595, 1.435, 43.605)
    inner = cells.cover({"type": "Polygon", "coordinates": [island]})
    ring = cells.cover({"type": "Polygon", "coordinates": [outer, hole]})
    assert inner
    assert not inner & ring
    assert cells.cover({"type": "MultiPolygon", "coordinates": [[outer, hole], [island]]}) == inner | ring


def test_no_cell_of_toulouse_belongs_to_two_neighbourhoods(toulouse):
    covers = [cells.cover(each["geometry"]) for each in json.loads(toulouse.read_text(encoding="utf-8"))["features"]]
    assert len(covers) == 60
    assert all(covers)
    assert sum(map(len, covers)) == len(frozenset().union(*covers))
