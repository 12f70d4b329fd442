"""Distance: one rule, from centre to centre."""

from __future__ import annotations

from math import cos, hypot, radians

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.core import cells

towns = st.tuples(st.floats(41, 51), st.floats(-5, 9.5))
steps = st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))


@pytest.mark.parametrize(
    ("lat", "lon", "east", "north"),
    [(0.0, 0.0, 0, 0), (43.6045, 1.4440, 160_745, 5_404_333), (-21.115, 55.536, 6_182_239, -2_405_290)],
)
def test_mercator_metres_are_those_of_epsg_3857(lat, lon, east, north):
    x, y = cells.mercator(cells.snap(lat, lon))
    assert hypot(x - east, y - north) < 250  # a cell's centre is that near to any point of it


@given(towns)
def test_a_place_is_no_distance_from_itself(point):
    cell = cells.snap(*point)
    assert cells.metres_between(cell, cell) == 0


@given(towns, steps)
def test_distances_are_whole_metres_near_to_those_on_the_globe(point, step):
    here, there = cells.snap(*point), cells.snap(point[0] + step[0], point[1] + step[1])
    shown = cells.metres_between(here, there)
    assert isinstance(shown, int)
    true = great_circle(cells.centre(here), cells.centre(there), radius=6378.137).m
    assert shown == pytest.approx(true, rel=0.005, abs=1)


@given(towns, st.lists(steps, min_size=2, max_size=10))
def test_the_order_by_mercator_is_the_order_of_the_distances_shown(point, around):
    here = cells.snap(*point)
    x, y = cells.mercator(here)
    there = [cells.snap(point[0] + north, point[1] + east) for north, east in around]

    def far(cell: str) -> float:
        return hypot(cells.mercator(cell)[0] - x, cells.mercator(cell)[1] - y)

    shown = [cells.metres_between(here, cell) for cell in sorted(there, key=far)]
    assert shown == sorted(shown)


@given(towns, steps)
def test_a_reach_holds_what_is_shown_within_it(point, step):
    here, there = cells.snap(*point), cells.snap(point[0] + step[0], point[1] + step[1])
    (ax, ay), (bx, by) = cells.mercator(here), cells.mercator(there)
    shown = cells.metres_between(here, there)
    assert hypot(bx - ax, by - ay) <= cells.mercator_reach(shown + 0.5, here) + 1e-6


def test_a_reach_grows_with_the_latitude_looked_from():
    lille = cells.snap(50.63, 3.06)
    assert cells.mercator_reach(1000, lille) == pytest.approx(1000 / cos(radians(50.63)), rel=1e-4)


@given(towns, st.floats(0, 1), st.floats(0, 1))
def test_two_points_of_one_cell_are_at_one_distance_from_everywhere(point, north, east):
    """LOC-01"""
    other = (point[0] + north * 1e-3, point[1] + east * 1e-3)
    viewer = cells.snap(43.6, 1.44)
    if cells.snap(*point) == cells.snap(*other):
        assert cells.metres_between(viewer, cells.snap(*point)) == cells.metres_between(viewer, cells.snap(*other))
