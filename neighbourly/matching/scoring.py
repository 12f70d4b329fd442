"""How well somebody's offer or interest fits a need, as a sum of factors that each say why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from neighbourly.core.errors import Words
from neighbourly.listings import categories
from neighbourly.matching import reasons
from neighbourly.matching.rule import (
    FRESH,
    FULL_LIKENESS,
    HALF,
    HALVED_EVERY_M,
    LIKELY_LIKENESS,
    SAME_CATEGORY,
    SAME_FAMILY,
    STALE,
    UNKNOWN,
    VERSION,
    WEIGHTS_OF,
    FactorName,
)


@dataclass(frozen=True)
class Fit:
    """The inputs of a score: all that may count. Distances in whole metres between cell centres."""

    distance_m: int
    radius_m: int
    """How far the need is asked around."""
    wanted: str | None
    """The category of the need."""
    found: str | None
    """The category of the offer or interest."""
    by: Literal["offer", "interest", "request"]
    """What was found: a request where the other way round an offer is looked at for whom it could help."""
    words: tuple[str, ...]
    """The words of the need's title that the offer holds."""
    of: int
    """How many words the need's title has that say anything."""
    like: float | None = None
    """How like the two texts are, from -1 to 1; None while one of them is not understood yet, and for interests."""
    idea: str = ""
    """What the need is about, in the words of its title."""
    free: float = UNKNOWN
    """Whether the offer is free when it is needed: 1 all that time, 0.5 in part or unknown, 0 never."""
    age_days: int | None = None
    """How long ago the offer was touched; None for an interest."""
    turn: float = UNKNOWN
    """Whose turn it is, from 0 (asked often of late) to 1."""
    rule: str = VERSION
    """The version of the rule by which it counts."""

    def as_json(self) -> dict[str, Any]:
        """The inputs with the version of the rule, to be kept."""
        return {**asdict(self), "words": list(self.words)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Fit:
        """The inputs as they were kept, by whatever version."""
        return cls(**kept | {"words": tuple(kept["words"])})

    @property
    def is_likely(self) -> bool:
        """Whether there is good reason to think that this would meet the need."""
        return (
            (self.like or 0.0) >= LIKELY_LIKENESS
            or kinship(self.wanted, self.found) == SAME_CATEGORY
            or self.share_of_words >= HALF
        )

    @property
    def share_of_words(self) -> float:
        """What share of the need's words the offer holds."""
        return len(self.words) / self.of if self.of else 0.0


@dataclass(frozen=True)
class Factor:
    """One part of a score: `contribution` is `value` (0 to 1) times `weight`; `why` says it in words."""

    name: FactorName
    value: float
    weight: float
    contribution: float
    why: Words


def explain(fit: Fit) -> tuple[Factor, ...]:
    """Give every factor of a fit, by the rule under which it came about; their contributions add up to its score."""
    return tuple(
        Factor(name, value, weight, value * weight, _WHY[name](fit))
        for name, weight in WEIGHTS_OF[fit.rule].items()
        for value in (_VALUE[name](fit),)
    )


def score(fit: Fit) -> float:
    """Give the sum of the contributions, from 0 to 1."""
    return sum(_VALUE[name](fit) * weight for name, weight in WEIGHTS_OF[fit.rule].items())


def kinship(wanted: str | None, found: str | None) -> float:
    """Say how near two categories are in the tree: the same, of one family (a parent and its children), or neither."""
    if wanted is None or found is None:
        return 0.0
    if wanted == found:
        return SAME_CATEGORY
    return SAME_FAMILY if found in family(wanted) else 0.0


@cache
def family(category: str) -> tuple[str, ...]:
    """Give the category's parent with all its children; a top category is its own parent."""
    parent = next(iter(categories.ancestors(category)), category)
    return categories.with_descendants(parent)


def likeness(like: float | None) -> float:
    """Give the value of the meaning: the share of a full likeness."""
    return 0.0 if like is None else max(0.0, min(1.0, like / FULL_LIKENESS))


def _nearness(fit: Fit) -> float:
    """Half is lost with every kilometre; the first rule took the share of the radius that was left."""
    if fit.rule == "1":
        return max(0.0, 1 - fit.distance_m / fit.radius_m)
    return float(0.5 ** (fit.distance_m / HALVED_EVERY_M))


def _freshness(fit: Fit) -> float:
    if fit.age_days is None:
        return UNKNOWN
    return max(0.0, min(1.0, (STALE.days - fit.age_days) / (STALE.days - FRESH.days)))


_VALUE: Mapping[FactorName, Callable[[Fit], float]] = {
    "meaning": lambda fit: likeness(fit.like),
    "category": lambda fit: kinship(fit.wanted, fit.found),
    "words": lambda fit: fit.share_of_words,
    "distance": _nearness,
    "availability": lambda fit: fit.free,
    "freshness": _freshness,
    "solidarity": lambda fit: fit.turn,
}
_WHY: Mapping[FactorName, Callable[[Fit], Words]] = {
    "meaning": lambda fit: reasons.of_meaning(likeness(fit.like), fit.like is not None, fit.idea, fit.by),
    "category": lambda fit: reasons.of_category(kinship(fit.wanted, fit.found), fit.found, fit.by),
    "words": lambda fit: reasons.of_words(fit.words),
    "distance": lambda fit: reasons.of_distance(fit.distance_m),
    "availability": lambda fit: reasons.of_availability(fit.free),
    "freshness": lambda fit: reasons.of_age(fit.age_days),
    "solidarity": lambda fit: reasons.of_turn(fit.turn, fit.by),
}
