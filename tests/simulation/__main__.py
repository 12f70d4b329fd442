"""`python -m tests.simulation`: who is asked how often, by the rule in force and by three others, printed and drawn."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor

from tests.simulation import town
from tests.simulation.asking import simulate
from tests.simulation.figures import BAR, Figures, figures
from tests.simulation.orders import RULES
from tests.simulation.plot import FILE, draw

SEED = 2026
SIZES = {"a busy town": town.Size(needs_a_day=6), "a quiet town": town.Size(needs_a_day=2)}
PROCESSES = 2
ROWS: Mapping[str, Callable[[Figures], str]] = {
    f"share of asks of the most asked tenth (bar: {BAR:.0%})": lambda each: f"{each.most_asked_tenth:.1%}",
    "the most that one person was asked": lambda each: f"{each.most:,}",
    "needs met": lambda each: f"{each.met:.1%}",
    "median time to the first yes": lambda each: f"{each.minutes_to_first_yes:.0f} min",
    "asks per need": lambda each: f"{each.asks_per_need:.1f}",
    "asks": lambda each: f"{each.asks:,}",
}


def main() -> None:
    """Simulate each rule in the same towns, print the tables and draw the plot."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="other towns; the plot is drawn of the usual ones alone")
    seed = parser.parse_args().seed
    found = measure(seed)
    for name, size in SIZES.items():
        print(f"{name}: {size.neighbours} neighbours, {size.days} days, {size.needs_a_day} needs a day, seed {seed}")
        print(table(found[name]), "\n")
    if seed == SEED:
        draw({name: {rule: each.curve for rule, each in by_rule.items()} for name, by_rule in found.items()}, FILE)


def measure(seed: int) -> Mapping[str, Mapping[str, Figures]]:
    """Give the figures of each rule in each town."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        begun = {name: {rule: pool.submit(_one, seed, size, rule) for rule in RULES} for name, size in SIZES.items()}
        return {name: {rule: each.result() for rule, each in by_rule.items()} for name, by_rule in begun.items()}


def _one(seed: int, size: town.Size, rule: str) -> Figures:
    return figures(simulate(town.make(seed, size), RULES[rule]))


def table(found: Mapping[str, Figures]) -> str:
    """The figures of each rule, side by side, as lines of text."""
    lines = [" " * 50 + "".join(f"{name:>20}" for name in found)]
    for name, say in ROWS.items():
        lines.append(f"{name:50}" + "".join(f"{say(each):>20}" for each in found.values()))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
