"""The plot of the documentation: what share of all asks how many of the most asked get, by each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.simulation.figures import BAR

FILE = Path(__file__).parents[2] / "docs" / "fairness.svg"
STEPS = 50
TOP = 9
"""The first rule is drawn above the others."""
SETTINGS = {"svg.hashsalt": "neighbourly", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}
NOTHING_OF_THE_DAY = {"Date": None, "Creator": None}
"""The same figures draw the same file."""


def draw(curves: Mapping[str, Mapping[str, Sequence[float]]], file: Path) -> None:
    """Draw a panel for each town, with a curve for each rule."""
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(4 * len(curves), 3.8), layout="constrained")
        panels = figure.subplots(1, len(curves), sharey=True, squeeze=False)[0]
        for axes, (town, by_rule) in zip(panels, curves.items(), strict=True):
            for place, (name, curve) in enumerate(by_rule.items()):
                axes.plot(*_points(curve), label=name, linewidth=1.4, zorder=TOP - place)
            _furnish(axes, town)
        panels[0].set_ylabel("% of all asks")
        panels[-1].legend(loc="lower right", frameon=False)
        figure.savefig(file, format="svg", metadata=NOTHING_OF_THE_DAY)


def _points(curve: Sequence[float]) -> tuple[list[float], list[float]]:
    """So many points of it, in per cent, rounded: more could not be seen."""
    people = len(curve) - 1
    places = [round(step * people / STEPS) for step in range(STEPS + 1)]
    return [100 * place / people for place in places], [round(100 * curve[place], 2) for place in places]


def _furnish(axes: Axes, town: str) -> None:
    axes.plot([0, 100], [0, 100], color="0.6", linestyle=":", linewidth=1, label="everyone alike")
    axes.plot([10], [100 * BAR], "kv", markersize=5, label=f"bar: {BAR:.0%} for a tenth")
    axes.set(title=town, xlim=(0, 100), ylim=(0, 100), xlabel="% of neighbours, the most asked first")
    axes.grid(color="0.9")
    axes.spines[["top", "right"]].set_visible(False)
