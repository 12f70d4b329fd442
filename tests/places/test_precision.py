"""Which cell is kept of a place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN
from neighbourly.places.precision import finest_allowed, kept_cell, precision_of
from tests import draws

HERE = cells.snap(43.6045, 1.444)
TOWN_CELL = cells.coarsen(HERE, TOWN)
PARTS = sorted(cells.children(TOWN_CELL, STREET))
DENSE, EMPTY = dict.fromkeys(PARTS, STREET), dict[str, int]()
SPARSE_NEARBY = DENSE | {next(iter(cells.siblings(HERE) - {HERE})): DISTRICT}


@pytest.mark.parametrize(
    ("given", "wanted", "own_finest", "kept"),
    [
        (STREET, STREET, DENSE, STREET),
        (STREET, DISTRICT, DENSE, DISTRICT),
        (STREET, TOWN, DENSE, TOWN),
        (DISTRICT, STREET, DENSE, DISTRICT),
        (TOWN, STREET, DENSE, TOWN),
        (STREET, STREET, SPARSE_NEARBY, DISTRICT),
        (STREET, TOWN, SPARSE_NEARBY, TOWN),
        (DISTRICT, STREET, SPARSE_NEARBY, DISTRICT),
        (STREET, STREET, EMPTY, TOWN),
        (DISTRICT, DISTRICT, EMPTY, TOWN),
    ],
)
def test_the_coarsest_of_given_wanted_and_allowed_is_kept(given, wanted, own_finest, kept):
    """LOC-06"""
    cell = kept_cell(cells.coarsen(HERE, given), wanted, own_finest)
    assert cell == cells.coarsen(HERE, kept)
    assert precision_of(cell) == {STREET: "street", DISTRICT: "district", TOWN: "town"}[kept]


@pytest.mark.parametrize(
    ("cell", "own_finest", "finest"),
    [(TOWN_CELL, DENSE, STREET), (TOWN_CELL, SPARSE_NEARBY, DISTRICT), (TOWN_CELL, EMPTY, TOWN)],
)
def test_what_is_allowed_in_a_large_cell_is_allowed_in_every_part_of_it(cell, own_finest, finest):
    assert finest_allowed(cell, own_finest) == finest


finests = st.lists(st.sampled_from((STREET, STREET, STREET, DISTRICT, TOWN)), min_size=49, max_size=49)


@settings(max_examples=draws.examples(100))
@given(finests, st.sampled_from(PARTS), st.sampled_from((STREET, DISTRICT, TOWN)))
def test_what_is_kept_is_kept_again(own, cell, wanted):
    """LOC-04: precision comes from the stored cell alone."""
    own_finest = dict(zip(PARTS, own, strict=True))
    kept = kept_cell(cell, wanted, own_finest)
    assert kept_cell(kept, STREET, own_finest) == kept


latitudes = st.floats(43.5327, 43.6687)
longitudes = st.floats(1.3503, 1.5155)


@settings(max_examples=draws.examples(300))
@given(latitudes, longitudes)
def test_cells_nest(lat, lon):
    """LOC-04: by way of resolution 9, however coarse the cell that is asked for."""
    street = cells.snap(lat, lon)
    for resolution in (DISTRICT, TOWN):
        assert cells.snap(lat, lon, resolution) == cells.coarsen(street, resolution)
        assert street in cells.children(cells.snap(lat, lon, resolution), STREET)
