"""How finely a cell may be shown: by density, and so that mixed precision points at nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN, Cell, finest_by_density, finest_shown

CAPITOLE = "8939601ae77ffff"
TOWN_CELL = cells.coarsen(CAPITOLE, TOWN)
STREETS = sorted(cells.children(TOWN_CELL, STREET))


def shown(cell: Cell, own_finest: Mapping[Cell, int]) -> Cell:
    return cells.coarsen(cell, finest_shown(cell, own_finest))


@pytest.mark.parametrize(
    ("households", "area_km2", "finest"),
    [
        (5286, 0.6, STREET),  # the middle of Toulouse
        (110, 1.0, STREET),
        (100, 1.0, DISTRICT),
        (16, 1.0, DISTRICT),
        (14, 1.0, TOWN),
        (3, 1.0, TOWN),
        (0, 12.5, TOWN),
        (None, 1.0, DISTRICT),
        (None, 5000.0, DISTRICT),
        (11_000, 100.0, STREET),
        (1_600, 100.0, DISTRICT),
    ],
)
def test_precision_follows_density(households, area_km2, finest):
    """LOC-06"""
    assert finest_by_density(households, area_km2) == finest


@given(st.integers(0, 10**6), st.floats(0.01, 10**4))
def test_what_is_shown_holds_eleven_households_on_average(households, area_km2):
    """LOC-06"""
    finest = finest_by_density(households, area_km2)
    mean_cell_km2 = {STREET: 0.1053, DISTRICT: 0.7373}
    if finest in mean_cell_km2:
        assert households / area_km2 * mean_cell_km2[finest] >= 11


@pytest.mark.parametrize(
    ("own_finest", "finest"),
    [
        ({}, TOWN),
        (dict.fromkeys(STREETS, STREET), STREET),
        (dict.fromkeys(STREETS, DISTRICT), DISTRICT),
        (dict.fromkeys(STREETS, TOWN), TOWN),
        (dict.fromkeys(cells.siblings(CAPITOLE), STREET), TOWN),
        (dict.fromkeys(STREETS, DISTRICT) | dict.fromkeys(cells.siblings(CAPITOLE), STREET), STREET),
        (dict.fromkeys(STREETS, STREET) | {CAPITOLE: DISTRICT}, DISTRICT),
    ],
)
def test_a_cell_is_shown_as_finely_as_all_beside_it_may_be(own_finest, finest):
    """LOC-04"""
    assert finest_shown(CAPITOLE, own_finest) == finest


def test_one_coarse_neighbour_makes_the_whole_town_cell_coarse():
    """LOC-04"""
    for coarse in STREETS:
        own_finest = dict.fromkeys(STREETS, STREET) | {coarse: TOWN}
        assert {finest_shown(cell, own_finest) for cell in STREETS} == {TOWN}


def test_one_district_among_streets_makes_its_own_district_coarse_and_no_other():
    """LOC-04"""
    own_finest = dict.fromkeys(STREETS, STREET) | {CAPITOLE: DISTRICT}
    coarse = {cell for cell in STREETS if finest_shown(cell, own_finest) == DISTRICT}
    assert coarse == cells.siblings(CAPITOLE)


@given(st.lists(st.sampled_from([STREET, STREET, STREET, DISTRICT, TOWN]), min_size=49, max_size=49))
def test_nobody_is_shown_finer_than_their_own_place_allows(finest):
    """LOC-06"""
    own_finest = dict(zip(STREETS, finest, strict=True))
    assert all(finest_shown(cell, own_finest) <= own_finest[cell] for cell in STREETS)


@given(st.lists(st.sampled_from([STREET] * 12 + [DISTRICT] * 3), min_size=49, max_size=49))
def test_mixed_precision_points_at_nobody(finest):
    """LOC-04: whoever is shown at a coarse cell may be in any of its parts, since none of them is shown finer."""
    own_finest = dict(zip(STREETS, finest, strict=True))
    for cell in STREETS:
        place = shown(cell, own_finest)
        assert {shown(part, own_finest) for part in cells.children(place, STREET)} == {place}


def test_mixed_precision_points_at_nobody_in_all_of_toulouse(toulouse):
    """LOC-04: with the real densities, and with those of a town where every third neighbourhood is thin."""
    features = json.loads(toulouse.read_text(encoding="utf-8"))["features"]
    covers = [cells.cover(each["geometry"]) for each in features]
    for thin in ({}, {0: DISTRICT}, {0: DISTRICT, 1: TOWN}, {0: TOWN}):
        own_finest = {cell: thin.get(number % 3, STREET) for number, cover in enumerate(covers) for cell in cover}
        around = {part for cell in own_finest for part in cells.children(cells.coarsen(cell, TOWN), STREET)}
        places = {cell: shown(cell, own_finest) for cell in around}
        for place in set(places.values()):
            assert {places[part] for part in cells.children(place, STREET)} == {place}
        assert STREET in {cells.resolution_of(place) for place in places.values()} or TOWN in thin.values()
