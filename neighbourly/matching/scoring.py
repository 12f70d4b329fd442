"""How well somebody's offer or interest fits a need, as a sum of factors that each say why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from neighbourly.core.errors import Words
from neighbourly.core.language import NBSP, length
from neighbourly.listings import categories
from neighbourly.matching.rule import SAME_CATEGORY, SAME_FAMILY, VERSION, WEIGHTS, FactorName


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
    by: Literal["offer", "interest"]
    words: tuple[str, ...]
    """The words of the need's title that the offer holds."""
    of: int
    """How many words the need's title has that say anything."""

    def as_json(self) -> dict[str, Any]:
        """The inputs with the version of the rule, to be kept."""
        return {"rule": VERSION, **asdict(self), "words": list(self.words)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Fit:
        """The inputs as they were kept."""
        known = {name: value for name, value in kept.items() if name != "rule"}
        return cls(**known | {"words": tuple(kept["words"])})


@dataclass(frozen=True)
class Factor:
    """One part of a score: `contribution` is `value` (0 to 1) times `weight`; `why` says it in words."""

    name: FactorName
    value: float
    weight: float
    contribution: float
    why: Words


def explain(fit: Fit) -> tuple[Factor, ...]:
    """Give every factor of a fit; their contributions add up to its score."""
    found = {
        "distance": (_nearness(fit), rounded(fit.distance_m)),
        "category": (kinship(fit.wanted, fit.found), _why_category(fit)),
        "words": (len(fit.words) / fit.of if fit.of else 0.0, _why_words(fit)),
    }
    return tuple(
        Factor(name, value, weight, value * weight, why)
        for name, weight in WEIGHTS.items()
        for value, why in (found[name],)
    )


def score(fit: Fit) -> float:
    """Give the sum of the contributions, from 0 to 1."""
    return sum(factor.contribution for factor in explain(fit))


def kinship(wanted: str | None, found: str | None) -> float:
    """Say how near two categories are in the tree: the same, of one family (a parent and its children), or neither."""
    if wanted is None or found is None:
        return 0.0
    if wanted == found:
        return SAME_CATEGORY
    return SAME_FAMILY if found in family(wanted) else 0.0


def family(category: str) -> tuple[str, ...]:
    """Give the category's parent with all its children; a top category is its own parent."""
    parent = next(iter(categories.ancestors(category)), category)
    return categories.with_descendants(parent)


def rounded(distance_m: int) -> Words:
    """Say a distance to the nearest hundred metres."""
    if distance_m < 50:
        return {"fr": "tout près", "en": "very close"}
    return {"fr": f"à environ {length(distance_m, 'fr')}", "en": f"about {length(distance_m, 'en')} away"}


def _nearness(fit: Fit) -> float:
    return max(0.0, 1 - fit.distance_m / fit.radius_m)


def _why_category(fit: Fit) -> Words:
    category = categories.get(fit.found) if fit.found else None
    if category is None:
        return {"fr": "catégorie non précisée", "en": "category not given"}
    near = kinship(fit.wanted, fit.found)
    match fit.by, near:
        case "interest", _:
            begins = {"fr": "parmi vos intérêts", "en": "among your interests"}
        case _, 1.0:
            begins = {"fr": "même catégorie", "en": "same category"}
        case _, 0.0:
            begins = {"fr": "autre catégorie", "en": "another category"}
        case _:
            begins = {"fr": "même famille", "en": "same family"}
    return {
        "fr": f"{begins['fr']}{NBSP}: {category.name['fr']}",
        "en": f"{begins['en']}: {category.name['en']}",
    }


def _why_words(fit: Fit) -> Words:
    if not fit.words:
        return {"fr": "pas de mot en commun", "en": "no word in common"}
    shared = ", ".join(fit.words)
    one = len(fit.words) == 1
    return {
        "fr": f"{'mot commun' if one else 'mots communs'}{NBSP}: {shared}",
        "en": f"{'word' if one else 'words'} in common: {shared}",
    }
