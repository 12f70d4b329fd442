"""Whose a cell is."""

from uuid import uuid4

import pytest

from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN
from neighbourly.core.errors import NotFound
from neighbourly.territories import selectors, service
from tests.territories.shapes import feature, outlines, square

WEST, EAST, OUTSIDE = cells.snap(43.615, 1.415), cells.snap(43.615, 1.445), cells.snap(48.6493, -2.0257)


@pytest.fixture(autouse=True)
def two_halves(own):
    service.import_territories(
        outlines=outlines(feature("west", square(1.40), households=5000), feature("east", square(1.43)))
    )


@pytest.mark.parametrize(("cell", "code"), [(WEST, "west"), (EAST, "east"), (OUTSIDE, "own")])
def test_a_cell_is_whose_its_centre_is(cell, code):
    for resolution in (STREET, DISTRICT, TOWN):
        coarse = cells.coarsen(cell, resolution)
        of_centre = selectors.territory_of(cells.centre_child(coarse)).code
        assert selectors.territory_of(coarse).code == of_centre
    assert selectors.territory_of(cell).code == code


def test_a_large_cell_may_touch_several():
    touched = {cell: [each.code for each in selectors.touching(cell)] for cell in map(at_town, (WEST, EAST, OUTSIDE))}
    assert touched[at_town(OUTSIDE)] == ["own"]
    both = next(codes for codes in touched.values() if "west" in codes)
    assert both[-1] == "own", "a part of it is nobody else's, and the installation's own comes last"
    assert [each.code for each in selectors.touching(WEST)] == ["west"]


def at_town(cell):
    return cells.coarsen(cell, TOWN)


def test_every_part_of_a_large_cell_has_its_finest_resolution():
    """LOC-06"""
    town = at_town(WEST)
    own_finest = selectors.finest_resolutions(town)
    assert own_finest.keys() == cells.children(town, STREET)
    assert own_finest[WEST] == STREET
    assert set(own_finest.values()) <= {STREET, DISTRICT, TOWN}
    assert set(selectors.finest_resolutions(at_town(OUTSIDE)).values()) == {TOWN}


@pytest.mark.parametrize("ask", [selectors.territory_of, selectors.touching, selectors.finest_resolutions])
def test_each_answer_is_one_statement(ask, statements):
    with statements() as seen:
        ask(at_town(WEST))
    assert len(seen) == 1


def test_an_unknown_territory_is_not_found():
    with pytest.raises(NotFound):
        selectors.get_territory(uuid4())
