"""What a title is about, guessed from its words and its meaning, so that asking takes nothing but a title."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from neighbourly.listings.categories import CATEGORIES, KINDS, Kind
from neighbourly.listings.phrasing import phrased_as
from neighbourly.listings.reading import Likeness
from neighbourly.listings.vocabulary import scores

SURE_ENOUGH = 0.4
"""Below this confidence nothing is guessed: the asker is asked."""

SURE_OF_KIND, SURE_OF_CATEGORY = 0.11, 0.1
"""So far must the strongest be ahead of the next, where the meaning is known."""

_HALF_STRENGTH = 0.35
_WORDS, _TONE = 0.4, 0.1
_CERTAIN = 0.5


@dataclass(frozen=True)
class Guess:
    """What a title seems to be; None where it is better to ask. `confidence` runs from 0 to 1."""

    kind: Kind | None
    category: str | None
    confidence: float


def guess(title: str, likeness: Likeness | None = None) -> Guess:
    """Guess kind and category of a listing from its title; what is not sure enough stays None, to be asked.

    `likeness` says how like its meaning is to each category; without it the words alone decide.

    Phrases count more than words, words of few categories more than words of many, the thing named first more than
    what it comes with. How the title asks ("apprendre …", "can someone …", "prêter …") weighs on the kind. Where two
    categories of one parent are equally likely, it is the parent.
    """
    evidence = scores(title)
    if likeness is not None:
        return _by_meaning(evidence, title, likeness)
    kind, kind_confidence = _kind(evidence, title)
    if kind_confidence < SURE_ENOUGH:
        return Guess(None, None, round(kind_confidence, 3))
    category, confidence = _category(_of_kind(kind, evidence))
    if confidence < SURE_ENOUGH:
        return Guess(kind, None, round(kind_confidence, 3))
    return Guess(kind, category, round(min(confidence, kind_confidence), 3))


def _by_meaning(evidence: Mapping[str, float], title: str, likeness: Likeness) -> Guess:
    """Add the words and the phrasing to the likeness; what is not far enough ahead of its rivals is left open."""
    tones = phrased_as(title)
    strength = {}
    for slug, like in likeness.items():
        said = evidence.get(slug, 0.0) + evidence.get(_parent(slug) or "", 0.0) / 2
        tone = tones[CATEGORIES[slug].kind]
        strength[slug] = like + _WORDS * said / (said + 1) + _TONE * (tone.bonus + log(tone.factor))
    kinds = {kind: max(_of_kind(kind, strength).values(), default=0.0) for kind in KINDS}
    kind, other, _ = sorted(kinds, key=lambda each: -kinds[each])
    lead = kinds[kind] - kinds[other]
    if lead < SURE_OF_KIND:
        return Guess(None, None, _sureness(lead))
    best, ahead = _ahead(_of_kind(kind, strength))
    return Guess(kind, best if ahead >= SURE_OF_CATEGORY else None, _sureness(min(lead, ahead)))


def _ahead(strength: Mapping[str, float]) -> tuple[str, float]:
    """Give the strongest category and how far it is ahead of the next; its own parent is no rival to it."""
    best = max(strength, key=lambda slug: strength[slug])
    rivals = (value for slug, value in strength.items() if slug not in (best, _parent(best)))
    return best, strength[best] - max(rivals, default=0.0)


def _sureness(lead: float) -> float:
    return round(max(0.0, min(1.0, lead / _CERTAIN)), 3)


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
