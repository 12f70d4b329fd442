"""What the timebank decides, as tables of plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.timebank.rule import Cover, Standing, cover, may_give, should_receive

MINUTES = st.integers(-10_000, 10_000)


@pytest.mark.parametrize(
    ("balance", "pending", "floor", "available"),
    [
        (0, 0, -300, 300),
        (60, 0, -300, 360),
        (0, 120, -300, 180),
        (-300, 0, -300, 0),
        (-300, 60, -300, -60),
        (90, 0, 0, 90),
        (90, 30, 0, 60),
    ],
)
def test_what_is_available_counts_the_floor_and_what_is_pending(balance, pending, floor, available):
    """LED-04."""
    assert Standing(balance, pending, floor).available == available


@pytest.mark.parametrize(
    ("standing", "minutes", "may"),
    [
        (Standing(0, 0, -300), 300, True),
        (Standing(0, 0, -300), 301, False),
        (Standing(0, 1, -300), 300, False),
        (Standing(-299, 0, -300), 1, True),
        (Standing(-300, 0, -300), 1, False),
        (Standing(-400, 0, -300), 1, False),
        (Standing(30, 0, 0), 30, True),
        (Standing(30, 0, 0), 31, False),
    ],
)
def test_nobody_gives_more_than_the_floor_allows(standing, minutes, may):
    """LED-04."""
    assert may_give(standing, minutes) is may


@pytest.mark.parametrize(
    ("standing", "minutes", "pot", "expected"),
    [
        (Standing(0, 0, -300), 300, 0, Cover(0, below_floor=False)),
        (Standing(0, 0, -300), 360, 0, Cover(0, below_floor=True)),
        (Standing(0, 0, -300), 360, 60, Cover(60, below_floor=False)),
        (Standing(0, 0, -300), 360, 59, Cover(59, below_floor=True)),
        (Standing(0, 0, -300), 360, 1000, Cover(60, below_floor=False)),
        (Standing(0, 300, -300), 60, 1000, Cover(60, below_floor=False)),
        (Standing(-300, 0, -300), 60, 20, Cover(20, below_floor=True)),
        (Standing(-400, 0, -300), 60, 1000, Cover(60, below_floor=False)),
        (Standing(0, 0, -300), 360, -10, Cover(0, below_floor=True)),
    ],
)
def test_the_pot_covers_a_shortfall_as_far_as_it_can(standing, minutes, pot, expected):
    """LED-04: what it cannot is a warning; an old debt below the floor is not the help's."""
    assert cover(standing, minutes, pot) == expected


@given(st.builds(Standing, MINUTES, st.integers(0, 5_000), MINUTES), st.integers(1, 1_440), MINUTES)
def test_a_cover_is_never_more_than_the_help_nor_than_the_pot(standing, minutes, pot):
    """LED-04."""
    covered = cover(standing, minutes, pot)
    assert 0 <= covered.minutes <= min(minutes, max(0, pot))
    assert covered.below_floor == (min(minutes, minutes - standing.available) > covered.minutes)


@pytest.mark.parametrize(
    ("given", "received", "nudged"),
    [(0, 0, False), (2, 0, False), (3, 0, True), (9, 0, True), (3, 1, False), (0, 3, False)],
)
def test_who_gave_three_times_and_received_nothing_is_nudged(given, received, nudged):
    assert should_receive(given, received) is nudged
