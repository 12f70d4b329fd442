"""What one person may ask of the others (MAT-04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from neighbourly.matching.quota import (
    WIDEST_M,
    AskerUsage,
    asks_much,
    find_hold,
    max_radius_m,
    remaining_asks,
    weekly_quota,
)
from neighbourly.matching.rule import DAY

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
FRESH = AskerUsage(0, 0, 0, 0, 0, circle_m=None, last_ask_at=NOW - timedelta(hours=23))
BUSY = replace(FRESH, other_needs=1)


@pytest.mark.parametrize(
    ("usage", "quota"),
    [
        (BUSY, 12),
        (replace(BUSY, around=36), 12),
        (replace(BUSY, around=60), 20),
        (replace(BUSY, around=108), 36),
        (replace(BUSY, around=5000), 36),
        (replace(BUSY, partners=4), 24),
        (replace(BUSY, partners=99), 48),
        (FRESH, 75),
        (replace(FRESH, around=108), 75),
    ],
)
def test_a_week_holds_a_share_of_those_around_between_two_bounds(usage, quota):
    """MAT-04: it grows with each neighbour met; who asks for one thing alone has four whole waves."""
    assert weekly_quota(usage) == quota


@pytest.mark.parametrize(
    ("usage", "waves", "left"),
    [
        (replace(BUSY, asks=40, last_ask_at=NOW - DAY), 1, 2),
        (replace(BUSY, asks=11, last_ask_at=NOW - DAY), 1, 2),
        (replace(BUSY, asks=4), 1, 8),
        (replace(BUSY, asks=12), 1, 0),
        (replace(BUSY, asks=40), 1, 0),
        (replace(BUSY, asks=40), 0, 3),
        (replace(BUSY, asks=40, other_needs=2), 0, 3),
        (replace(BUSY, asks=40, other_needs=3), 0, 0),
        (replace(BUSY, asks=11, other_needs=30), 0, 1),
    ],
)
def test_the_first_needs_of_a_week_are_asked_around_whatever_was_used(usage, waves, left):
    """MAT-04: nobody is stuck after one need that took all."""
    assert remaining_asks(usage, waves, NOW) == left


@pytest.mark.parametrize(
    ("usage", "hold"),
    [
        (FRESH, None),
        (replace(BUSY, under_way=3), None),
        (replace(BUSY, under_way=4), "other_needs"),
        (replace(BUSY, asks=12, other_needs=3), "week"),
        (replace(BUSY, asks=12, other_needs=3, partners=1), None),
    ],
)
def test_a_need_waits_for_others_of_its_owner_or_for_their_week(usage, hold):
    assert find_hold(usage, 0, NOW) == hold


@pytest.mark.parametrize(
    ("usage", "much"),
    [
        (replace(FRESH, asks=11), False),
        (replace(FRESH, asks=12), True),
        (replace(FRESH, asks=6, other_needs=1), False),
        (replace(FRESH, asks=6, other_needs=2), True),
        (replace(FRESH, asks=5, other_needs=9), False),
    ],
)
def test_who_asks_much_is_told_by_a_week_alone(usage, much):
    assert asks_much(usage) is much


@pytest.mark.parametrize(
    ("circle_m", "partners", "farthest_m"),
    [
        (1_000, 0, 2_000),
        (5_000, 0, 5_000),
        (1_000, 1, 4_000),
        (1_000, 4, 32_000),
        (1_000, 5, WIDEST_M),
        (1_000, 10_000, WIDEST_M),
        (None, 0, WIDEST_M),
    ],
)
def test_the_way_is_as_far_as_what_took_place(circle_m, partners, farthest_m):
    """MAT-04: near by first; where few live the next village is far."""
    assert max_radius_m(replace(FRESH, circle_m=circle_m, partners=partners)) == farthest_m
