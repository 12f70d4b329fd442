"""The rules by which neighbours could be asked: the one in force, and three that know nobody's turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from neighbourly.matching.people import Candidate, Need
from neighbourly.matching.rule import UNKNOWN
from neighbourly.matching.scoring import score

Order = Callable[[Need, Sequence[Candidate]], Sequence[Candidate]]
"""Orders anew those whom no gate holds back, who come in the order of the rule in force."""
BAND_M = 100
"""Whose distances round to the same multiple of this were equally near by the first version of the rule."""


def in_force(need: Need, askable: Sequence[Candidate]) -> Sequence[Candidate]:
    """Give them as they are."""
    return askable


def nearest_first(need: Need, askable: Sequence[Candidate]) -> Sequence[Candidate]:
    """Give the nearest first; among equally near ones by lot."""
    return sorted(askable, key=lambda each: (round(each.fit.distance_m / BAND_M), _lot(need, each)))


def best_fit_first(need: Need, askable: Sequence[Candidate]) -> Sequence[Candidate]:
    """Give the best score first, whosever turn it is."""
    return sorted(askable, key=lambda each: (-score(replace(each.fit, turn=UNKNOWN)), _lot(need, each)))


def _lot(need: Need, candidate: Candidate) -> bytes:
    return blake2b(need.listing_id.bytes + candidate.person.user_id.bytes, digest_size=8).digest()


@dataclass(frozen=True)
class Rule:
    """An order, and whether a day between two asks and the asks accepted a week count."""

    order: Order
    spares: bool = True


IN_FORCE, BEST_FIT, NEAREST, NEAREST_ALONE = "in force", "best fit", "nearest", "nearest, no limits"
RULES: Mapping[str, Rule] = {
    IN_FORCE: Rule(in_force),
    BEST_FIT: Rule(best_fit_first),
    NEAREST: Rule(nearest_first),
    NEAREST_ALONE: Rule(nearest_first, spares=False),
}
