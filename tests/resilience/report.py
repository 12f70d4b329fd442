"""What a trial came to, for people and for the next trial to be held against."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import orjson

from tests.resilience.book import Book


@dataclass
class Report:
    """What a trial came to."""

    clients: int
    kills: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    book: Book = field(default_factory=Book)
    settled_after: float | None = None
    seconds: float = 0
    faults: list[str] = field(default_factory=list)
    log: str = ""

    def errors(self) -> Counter[str]:
        """What the product logged as an error, how often."""
        found: Counter[str] = Counter()
        for line in self.log.splitlines():
            with suppress(orjson.JSONDecodeError):  # a line of text, or cut off by a kill
                entry = orjson.loads(line)
                if entry.get("level") in ("error", "critical"):
                    found[f"{entry.get('logger')}: {entry.get('event')} {entry.get('kind', '')}".strip()] += 1
        return found

    def summary(self) -> str:
        """All of it in one line."""
        counts = self.book.counts
        settled = "never settled" if self.settled_after is None else f"settled after {self.settled_after:.0f} s"
        killed = ", ".join(f"{count} {victim}" for victim, count in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({killed}), {self.restarts} restarts, {self.clients} clients,"
            f" {self.book.acknowledged} acknowledged writes, {counts['retried']} retries,"
            f" {counts['tapped twice']} second taps, {self.book.refused.total()} refusals,"
            f" {self.book.longest_silence:.0f} s at most without a success, {settled}, {self.seconds:.0f} s in all:"
            f" {len(self.faults)} faults"
        )
