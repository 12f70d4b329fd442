"""What the timebank decides, as tables of plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.timebank.rule import Allowance, Standing, floor_of, may_give, shortfall, should_receive

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
    ("standing", "minutes", "missing"),
    [
        (Standing(0, 0, -300), 300, 0),
        (Standing(0, 0, -300), 360, 60),
        (Standing(0, 300, -300), 60, 60),
        (Standing(-290, 0, -300), 60, 50),
        (Standing(-400, 0, -300), 60, 60),
    ],
)
def test_what_a_help_lacks_is_what_lies_below_the_floor(standing, minutes, missing):
    """LED-04: an old debt below the floor is not the help's."""
    assert shortfall(standing, minutes) == missing


@pytest.mark.parametrize(
    ("pot", "for_person", "for_pair", "left"),
    [(500, 0, 0, 120), (40, 0, 0, 40), (-10, 0, 0, 0), (500, 100, 0, 20), (500, 0, 110, 10), (500, 130, 130, 0)],
)
def test_the_pot_adds_the_least_of_what_is_left(pot, for_person, for_pair, left):
    """LED-11."""
    assert Allowance(pot, for_person, for_pair).minutes == left


@pytest.mark.parametrize(
    ("neighbourhoods", "is_settled", "is_newcomer", "floor"),
    [
        (-6000, True, False, -6000),
        (-60, True, False, -60),
        (-6000, False, False, -300),
        (-60, False, False, -60),
        (-6000, False, True, -120),
        (-60, False, True, -60),
        (None, False, False, -300),
        (None, True, False, -300),
        (None, False, True, -120),
    ],
)
def test_the_floor_is_that_of_a_home_of_a_month(neighbourhoods, is_settled, is_newcomer, floor):
    """LED-11: until then the shallower of the installation's and the neighbourhood's; a newcomer's lies higher."""
    assert floor_of(neighbourhoods, -300, is_settled=is_settled, is_newcomer=is_newcomer) == floor


@given(st.builds(Standing, MINUTES, st.integers(0, 5_000), MINUTES), st.integers(1, 1_440))
def test_what_is_missing_brings_the_account_to_its_floor_and_no_higher(standing, minutes):
    """LED-04."""
    missing = shortfall(standing, minutes)
    assert 0 <= missing <= minutes
    assert missing == minutes or may_give(standing, minutes - missing)


@pytest.mark.parametrize(
    ("given", "received", "nudged"),
    [(0, 0, False), (2, 0, False), (3, 0, True), (9, 0, True), (3, 1, False), (0, 3, False)],
)
def test_who_gave_three_times_and_received_nothing_is_nudged(given, received, nudged):
    assert should_receive(given, received) is nudged
