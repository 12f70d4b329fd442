"""Which outlines of a file lie where nobody expects them."""

from __future__ import annotations

import pytest

from neighbourly.core.cells import TOWN, snap
from neighbourly.territories import displacement
from neighbourly.territories.displacement import find_displaced

TOULOUSE, LYON, SOMALIA = (snap(lat, lon, TOWN) for lat, lon in ((43.6, 1.44), (45.75, 4.85), (1.44, 43.6)))


@pytest.mark.parametrize(
    ("places", "known", "displaced"),
    [
        ({"a": TOULOUSE}, {}, set()),
        ({"a": TOULOUSE, "b": TOULOUSE}, {}, set()),
        ({"a": TOULOUSE, "b": SOMALIA}, {}, {"a", "b"}),
        ({"a": SOMALIA, "b": TOULOUSE, "c": TOULOUSE}, {}, {"a"}),
        ({"a": SOMALIA}, {"a": TOULOUSE}, {"a"}),
        ({"b": LYON}, {"a": TOULOUSE}, {"b"}),
        ({"b": TOULOUSE}, {"a": TOULOUSE}, set()),
    ],
)
def test_what_moves_or_lands_far_from_all_others_is_displaced(places, known, displaced):
    assert find_displaced(places, known).keys() == displaced


def test_a_whole_country_is_not_measured_from_each_to_each(monkeypatch):
    """The time that it takes holds up every other import."""
    measured = []
    monkeypatch.setattr(displacement, "metres_between", lambda *cells: measured.append(cells) or 0)
    places = {str(number): snap(43 + number * 0.02, 1.4, TOWN) for number in range(300)}
    assert find_displaced(places, {}) == {}
    assert len(measured) <= 2 * len(places)
