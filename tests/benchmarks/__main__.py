"""`python -m tests.benchmarks`: two databases, then the table of what was promised and what was measured."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import asking, database, ledger, lending, meaning, near
from tests.benchmarks.data import LARGE, SMALL, Installation, installation, server
from tests.benchmarks.figures import Figure, table

Measure = Callable[[Installation, Installation], Iterator[Figure]]
MEASURES: dict[str, Measure] = {
    "near": lambda small, _large: near.measure(small, rounds=7, seconds=6),
    "statements": lambda small, _large: near.measure_statements(small),
    "growth": database.measure_growth,
    "words": lambda _small, large: database.measure_words(large),
    "ask": lambda _small, large: database.measure_whom_to_ask(large),
    "reading": lambda small, _large: meaning.measure_reading(small),
    "weighing": lambda _small, large: meaning.measure_weighing(large),
    "lending": lending.measure_growth,
    "race": lambda small, _large: lending.measure_contention(small),
    "ledger": lambda small, _large: ledger.measure(small),
    "publish": lambda _small, large: asking.measure_publishing(large),
    "push": lambda _small, large: asking.measure_pushes(large),
}


def main() -> None:
    """Measure what is asked for, print the table, and end everything that was started."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(MEASURES), help="one figure; may be repeated")
    parser.add_argument("--keep", type=Path, help="a folder whose databases are kept, and used again the next time")
    parser.add_argument("--quick", action="store_true", help="100,000 listings in place of a million")
    asked = parser.parse_args()
    with server(asked.keep) as cluster:
        small = installation(cluster, SMALL)
        large = small if asked.quick else installation(cluster, LARGE)
        figures = []
        for name in asked.only or MEASURES:
            print(f"measuring: {name} …", flush=True)
            figures += MEASURES[name](small, large)
    print(f"\n{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; one run")
    print(table(figures))


if __name__ == "__main__":
    main()
