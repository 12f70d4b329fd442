"""LOC-12: figures as bands, that a single person does not move."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.core.bands import BEGINNINGS, band_of, beginning_of, name_of
from neighbourly.search.bands import band


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((0, 1, 4, 5, 10), "0–10"),
        ((11, 24), "11–24"),
        ((25, 49), "25–49"),
        ((50, 99), "50–99"),
        ((100, 249), "100–249"),
        ((250, 499), "250–499"),
        ((500, 501, 10**6), "500+"),
    ],
)
def test_every_count_has_its_band(counts, shown):
    assert {band(count) for count in counts} == {shown}


@pytest.mark.parametrize(
    ("held", "count", "told"),
    [(1, 10, 1), (1, 8, 1), (1, 7, 0), (0, 11, 1), (2, 22, 2), (2, 21, 1), (5, 230, 5), (5, 224, 4), (6, 3, 0)],
)
def test_a_band_is_left_well_below_its_beginning(held, count, told):
    assert band_of(count, held) == told


@given(st.integers(0, 600), st.integers(0, 600))
def test_who_comes_and_goes_at_an_edge_is_not_seen_going(first, count):
    """Whatever was told before: one person less never leads back at once."""
    told = band_of(count, band_of(first))
    assert band_of(count - 1 if count else 0, told) == told or count < BEGINNINGS[told]


def test_bands_are_in_order():
    assert [name_of(each) for each in (0, len(BEGINNINGS) - 1)] == ["0–10", "500+"]
    assert all(beginning_of(one) < beginning_of(other) for one, other in pairwise(range(len(BEGINNINGS))))
