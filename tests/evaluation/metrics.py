"""What is measured of rankings and of guesses; pure, on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

AT = 3
BANDS = 5


@dataclass(frozen=True)
class Ranked:
    """What one need found, the best first, and what would have been right."""

    found: Sequence[str]
    right: Collection[str]

    @property
    def reciprocal_rank(self) -> float:
        """1 for a right offer in the first place, 1/2 in the second …; 0 where none was found."""
        return next((1 / place for place, each in enumerate(self.found, 1) if each in self.right), 0.0)

    @property
    def recall(self) -> float:
        """The share of the right offers among the first three."""
        return len(set(self.found[:AT]) & set(self.right)) / len(self.right)


@dataclass(frozen=True)
class Quality:
    """How good rankings are at the mean: of the reciprocal rank, and of the recall at three."""

    mrr: float
    recall: float


@dataclass(frozen=True)
class Guessed:
    """What was guessed with which confidence, and what would have been right; None: left open, to be asked."""

    said: str | None
    right: Collection[str]
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether it was guessed, and rightly so."""
        return self.said in self.right


@dataclass(frozen=True)
class Share:
    """Of so many guesses these shares were right, left open and wrong."""

    of: int
    right: float
    open: float
    wrong: float


def quality(rankings: Collection[Ranked]) -> Quality:
    """Give the means over all needs."""
    return Quality(fmean(each.reciprocal_rank for each in rankings), fmean(each.recall for each in rankings))


def share(guesses: Collection[Guessed]) -> Share:
    """Give the shares of what was right, left open and wrong; they add up to 1."""
    of = len(guesses)
    right = sum(each.is_right for each in guesses)
    left_open = sum(each.said is None for each in guesses)
    return Share(of, right / of, left_open / of, (of - right - left_open) / of)


def by_band(guesses: Iterable[Guessed]) -> Mapping[int, Share]:
    """Give the shares by fifth of the confidence: 0 for what is below 0.2, 4 from 0.8 on; empty fifths are left out."""
    bands: dict[int, list[Guessed]] = {}
    for each in guesses:
        bands.setdefault(min(BANDS - 1, int(each.confidence * BANDS)), []).append(each)
    return {band: share(bands[band]) for band in sorted(bands)}
