"""`python -m tests.resilience [--kills 20] [--seed 20] [--minutes 30] …`: exit 1 where something did not hold."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from math import inf
from pathlib import Path

from tests.resilience import trial


def main() -> int:
    """Run one trial and tell what it came to."""
    parser = argparse.ArgumentParser(description=trial.__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=inf, help="make no further kill after so long")
    parser.add_argument("--meaning", choices=["on", "off"], default="on")
    parser.add_argument("--log", type=Path, help="keep what the product printed in this file")
    parser.add_argument("--quiet", action="store_true", help="tell the outcome alone")
    given = parser.parse_args()
    tell = (lambda _line: None) if given.quiet else partial(_tell, time.monotonic())
    print(f"{given.kills} kills with seed {given.seed} …", flush=True)
    report = trial.run(given.kills, given.seed, seconds=given.minutes * 60, meaning=given.meaning == "on", tell=tell)
    if given.log:
        given.log.write_text(report.log)
    for fault in report.faults[:50]:
        print(f"  fault: {fault}")
    print(f"  errors in the log: {dict(report.errors().most_common())}")
    print(f"  refusals: {dict(report.book.refused.most_common())}")
    print(report.summary(), flush=True)
    return 1 if report.faults else 0


def _tell(began: float, line: str) -> None:
    print(f"  {time.monotonic() - began:6.1f} s  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
