"""What a title is about, guessed from its words, so that asking takes nothing but a title."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from neighbourly.listings.categories import CATEGORIES, KINDS, Kind
from neighbourly.listings.phrasing import phrased_as
from neighbourly.listings.vocabulary import scores

SURE_ENOUGH = 0.4
"""Below this confidence nothing is guessed: the asker is asked."""

_HALF_STRENGTH = 0.35


@dataclass(frozen=True)
class Guess:
    """What a title seems to be; None where it is better to ask. `confidence` runs from 0 to 1."""

    kind: Kind | None
    category: str | None
    confidence: float


def guess(title: str) -> Guess:
    """Guess kind and category of a listing from its title; what is not sure enough stays None, to be asked.

    Phrases count more than words, words of few categories more than words of many, the thing named first more than
    what it comes with. How the title asks ("apprendre …", "can someone …", "prêter …") weighs on the kind. Where two
    categories of one parent are equally likely, it is the parent.
    """
    evidence = scores(title)
    kind, kind_confidence = _kind(evidence, title)
    if kind_confidence < SURE_ENOUGH:
        return Guess(None, None, round(kind_confidence, 3))
    category, confidence = _category(_of_kind(kind, evidence))
    if confidence < SURE_ENOUGH:
        return Guess(kind, None, round(kind_confidence, 3))
    return Guess(kind, category, round(min(confidence, kind_confidence), 3))


def _kind(evidence: Mapping[str, float], title: str) -> tuple[Kind, float]:
    """Give the likeliest kind with its confidence: the words for the best of its categories, and the phrasing."""
    tones = phrased_as(title)
    weights: dict[Kind, float] = {}
    for kind in KINDS:
        best = max(_of_kind(kind, evidence).values(), default=0.0)
        weights[kind] = (best + tones[kind].bonus) * tones[kind].factor
    first, second, _ = sorted(weights, key=lambda kind: -weights[kind])
    return first, _confidence(weights[first], weights[second])


def _category(evidence: Mapping[str, float]) -> tuple[str | None, float]:
    """Give the likeliest of these categories of one kind, or its family's parent where the leaves are in doubt."""
    supported = {slug: score + evidence.get(_parent(slug) or "", 0.0) / 2 for slug, score in evidence.items()}
    best, confidence = _best(supported)
    if confidence >= SURE_ENOUGH:
        return best, confidence
    families: dict[str, float] = defaultdict(float)
    for slug, score in evidence.items():
        families[_parent(slug) or slug] += score
    return _best(families)


def _best(likelihood: Mapping[str, float]) -> tuple[str | None, float]:
    """Give the likeliest category; its own parent is no rival to it."""
    if not likelihood:
        return None, 0.0
    best = max(likelihood, key=lambda slug: likelihood[slug])
    rival = max((score for slug, score in likelihood.items() if slug not in (best, _parent(best))), default=0.0)
    return best, _confidence(likelihood[best], rival)


def _confidence(score: float, rival: float) -> float:
    """Grow with the score, shrink as a rival comes near: one word is worth 0.74, and half of that beside an equal."""
    return score / (score + _HALF_STRENGTH) * score / (score + rival) if score else 0.0


def _of_kind(kind: Kind, evidence: Mapping[str, float]) -> dict[str, float]:
    return {slug: score for slug, score in evidence.items() if CATEGORIES[slug].kind == kind}


def _parent(slug: str) -> str | None:
    return CATEGORIES[slug].parent
