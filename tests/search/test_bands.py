"""Figures as bands."""

from __future__ import annotations

import pytest

from neighbourly.search.bands import band


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((0, 1, 4), "0–4"),
        ((5, 9), "5–9"),
        ((10, 24), "10–24"),
        ((25, 49), "25–49"),
        ((50, 99), "50–99"),
        ((100, 249), "100–249"),
        ((250, 499), "250–499"),
        ((500, 501, 10**6), "500+"),
    ],
)
def test_every_count_has_its_band(counts, shown):
    assert {band(count) for count in counts} == {shown}
