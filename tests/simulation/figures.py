"""What a simulation comes to, in figures; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from tests.simulation.asking import Record

BAR = 0.25
"""The most asked tenth of the neighbours should get less of all asks than this."""


@dataclass(frozen=True)
class Figures:
    """What one rule does in a town."""

    asks: int
    most_asked_tenth: float
    """Its share of all asks."""
    most: int
    """How often the one was asked who was asked the most."""
    met: float
    """The share of needs with a yes in time."""
    minutes_to_first_yes: float
    """At the median of those that were met."""
    asks_per_need: float
    curve: Sequence[float]
    """The share of all asks that the so many most asked get: of nobody, of one, of two … of all."""


def figures(record: Record) -> Figures:
    """Give the figures of a record."""
    asked = Counter(ask.user_id for ask in record.asks)
    curve = concentration([asked[user_id] for user_id in record.town.neighbours])
    waited = [each.first_yes_at - each.wish.arises_at for each in record.askings if each.first_yes_at is not None]
    return Figures(
        asks=len(record.asks),
        most_asked_tenth=share_of_most(curve, 0.1),
        most=max(asked.values()),
        met=len(waited) / len(record.askings),
        minutes_to_first_yes=median(each.total_seconds() / 60 for each in waited),
        asks_per_need=len(record.asks) / len(record.askings),
        curve=curve,
    )


def concentration(counts: Sequence[int]) -> Sequence[float]:
    """Give the share of the whole that the n greatest hold, for n from none to all."""
    total = sum(counts)
    return [held / total for held in accumulate(sorted(counts, reverse=True), initial=0)]


def share_of_most(curve: Sequence[float], part: float) -> float:
    """Give what this part of all people, the greatest first, holds by a curve of concentration."""
    return curve[round(part * (len(curve) - 1))]
