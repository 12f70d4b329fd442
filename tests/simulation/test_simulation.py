"""Small runs of the simulation: it can be repeated, nobody is asked too often, and the asking is spread."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest

from neighbourly.preferences.quiet import quiet_until
from tests.simulation import town
from tests.simulation.asking import Record, simulate
from tests.simulation.figures import BAR, concentration, figures, share_of_most
from tests.simulation.orders import IN_FORCE, NEAREST, NEAREST_ALONE, RULES
from tests.simulation.plot import draw

SEED = 1
BUSY = town.Size(neighbours=120, days=20, needs_a_day=2)
QUIET = town.Size(neighbours=250, days=40, needs_a_day=1)


def run(size: town.Size, rule: str) -> Record:
    return simulate(town.make(SEED, size), RULES[rule])


@pytest.fixture(scope="module")
def busy() -> Record:
    """A busy town by the rule in force."""
    return run(BUSY, IN_FORCE)


def test_the_same_seed_gives_the_same_figures(busy):
    assert run(BUSY, IN_FORCE).asks == busy.asks
    assert figures(run(BUSY, IN_FORCE)) == figures(busy)


def test_nobody_is_asked_twice_for_one_need(busy):
    assert len({(ask.need, ask.user_id) for ask in busy.asks}) == len(busy.asks)


def test_nobody_is_asked_twice_a_day_or_four_times_a_week(busy):
    asked = defaultdict(list)
    for ask in busy.asks:
        asked[ask.user_id].append(ask.at)
    for moments in asked.values():
        assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(moments))
        assert all(later - earlier >= timedelta(days=7) for earlier, later in zip(moments, moments[3:], strict=False))


def test_nobody_is_asked_for_their_own_need_or_in_quiet_hours(busy):
    owners = {wish.number: wish.need.owner_id for wish in busy.town.wishes}
    for ask in busy.asks:
        asked = busy.town.neighbours[ask.user_id]
        assert asked.user_id != owners[ask.need]
        assert quiet_until(ask.at, asked.quiet_from, asked.quiet_to, "Europe/Paris") is None


def test_most_needs_are_met_and_the_most_asked_tenth_is_not_worn_out(busy):
    found = figures(busy)
    assert found.met >= 0.8
    assert found.most_asked_tenth < BAR


def test_the_rule_spreads_the_asking_better_than_nearest_first():
    ours, nearest, alone = (figures(run(QUIET, rule)) for rule in (IN_FORCE, NEAREST, NEAREST_ALONE))
    assert ours.most_asked_tenth < nearest.most_asked_tenth < alone.most_asked_tenth
    assert ours.met >= nearest.met - 0.05


@pytest.mark.parametrize(
    ("counts", "curve", "most"), [([0, 3, 1], [0, 0.75, 1, 1], 0.75), ([2, 2], [0, 0.5, 1], 0.5), ([5], [0, 1], 0)]
)
def test_a_curve_of_concentration_adds_up_the_most_asked_first(counts, curve, most):
    assert concentration(counts) == curve
    assert share_of_most(curve, 0.4) == most


def test_the_same_figures_draw_the_same_plot(tmp_path):
    curves = {"a town": {"in force": concentration([3, 2, 1]), "nearest": concentration([6, 0, 0])}}
    for name in ("first.svg", "second.svg"):
        draw(curves, tmp_path / name)
    first, second = ((tmp_path / name).read_bytes() for name in ("first.svg", "second.svg"))
    assert first == second
