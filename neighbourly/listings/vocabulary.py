"""How much the words of a title say for each category."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from neighbourly.core.language import LANGUAGES, is_stop_word, stem, words
from neighbourly.listings.categories import CATEGORIES, Kind

# What follows one of these tells of the thing that was named before: "table pour pique-nique", "tent with stove".
_TURN = re.compile(r"[,;()+/–—]| - |\b(?:avec|with|pour|for|sans|without|et|and)\b", re.IGNORECASE)
_AFTER_THE_TURN = 0.35
_PHRASE_POWER = 1.5
_LITERAL_LENGTH = 1.5
# French names the thing, or the deed, first: "assembler une armoire" is about assembling.
_FIRST_IN_FRENCH = 1.2
# A bare noun ("guitare") is a thing rather than lessons in it.
_ALSO_A_THING = 0.6
# "outil", "réparer": a word that stands in the phrases of many categories says less for the one that lists it alone.
_EACH_MORE_MENTION = 0.3


@dataclass(frozen=True, order=True)
class _Entry:
    """One word or phrase of a category, in one language.

    Its stems may stand anywhere in the title, in any order. A phrase with at most one word that is no stop word ("en
    voiture") is `literal`: its very words must stand in a row.
    """

    category: str
    language: str
    parts: tuple[str, ...]
    literal: bool

    @property
    def kind(self) -> Kind:
        """The kind of its category."""
        return CATEGORIES[self.category].kind

    @property
    def weight(self) -> float:
        """1 for a word, more for what takes several words to say."""
        length: float = _LITERAL_LENGTH if self.literal else len(self.parts)
        return math.pow(length, _PHRASE_POWER)


@dataclass(frozen=True)
class _Vocabulary:
    by_stem: Mapping[tuple[str, str], tuple[_Entry, ...]]
    literal: tuple[_Entry, ...]
    value: Mapping[_Entry, float]


def scores(title: str) -> dict[str, float]:
    """Give each category that the title touches (by slug) how much its words speak for it: 1 for one word of its own.

    Each word of the title counts once for a category, through the longest phrase that it completes; a phrase of two
    words counts 2.8, of three 5.2. What several categories of one kind share is divided among them.
    """
    spoken, segments = _spoken(title)
    value = _vocabulary().value
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for entry, places in _matches(spoken):
        emphasis = _FIRST_IN_FRENCH if entry.language == "fr" and 0 in places else 1.0
        share = value[entry] * emphasis / len(places)
        for place in places:
            found[entry.category][place] = max(share, found[entry.category].get(place, 0.0))
    first = min((segments[place] for places in found.values() for place in places), default=0)
    return {
        slug: sum(share * (1.0 if segments[place] <= first else _AFTER_THE_TURN) for place, share in places.items())
        for slug, places in found.items()
    }


def _spoken(title: str) -> tuple[list[str], list[int]]:
    """Give the folded words of the title, and for each how many turns stand before it."""
    spoken: list[str] = []
    segments: list[int] = []
    for number, segment in enumerate(_TURN.split(title)):
        said = words(segment)
        spoken += said
        segments += [number] * len(said)
    return spoken, segments


def _matches(spoken: list[str]) -> Iterator[tuple[_Entry, list[int]]]:
    """Give the entries that the words contain, each with the places of the words that make it."""
    vocabulary = _vocabulary()
    places: dict[tuple[str, str], int] = {}
    for place, word in enumerate(spoken):
        if not is_stop_word(word):
            for language in LANGUAGES:
                places.setdefault((language, stem(word, language)), place)
    for key in places:
        for entry in vocabulary.by_stem.get(key, ()):
            found = [places[entry.language, part] for part in entry.parts if (entry.language, part) in places]
            if len(found) == len(entry.parts):
                yield entry, found
    for entry in vocabulary.literal:
        length = len(entry.parts)
        for start in range(len(spoken) - length + 1):
            if tuple(spoken[start : start + length]) == entry.parts:
                yield entry, list(range(start, start + length))


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    entries = sorted(_listed())
    by_stem: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.literal:
            by_stem[entry.language, entry.parts[0]].append(entry)
    return _Vocabulary(
        by_stem={key: tuple(found) for key, found in by_stem.items()},
        literal=tuple(entry for entry in entries if entry.literal),
        value=_values(entries),
    )


def _listed() -> set[_Entry]:
    """Give the entries of all categories; two phrases that come to the same stems are one."""
    return {
        _entry(category.slug, language, phrase)
        for category in CATEGORIES.values()
        for language, phrases in category.words.items()
        for phrase in phrases
    }


def _entry(slug: str, language: str, phrase: str) -> _Entry:
    spoken = words(phrase)
    telling = [word for word in spoken if not is_stop_word(word)]
    if len(telling) < 2 and len(spoken) > 1:
        return _Entry(slug, language, tuple(spoken), literal=True)
    return _Entry(slug, language, tuple(stem(word, language) for word in telling), literal=False)


def _values(entries: list[_Entry]) -> dict[_Entry, float]:
    """Weigh each entry: what several categories of a kind list is divided among them, what they mention says less."""
    listed = Counter((entry.kind, entry.language, entry.parts) for entry in entries)
    mentioned = Counter(
        (kind, language, part)
        for kind, language, part, _ in {
            (entry.kind, entry.language, part, entry.category) for entry in entries for part in entry.parts
        }
    )
    values = {}
    for entry in entries:
        value = entry.weight / listed[entry.kind, entry.language, entry.parts]
        if len(entry.parts) == 1:
            value /= 1 + _EACH_MORE_MENTION * (mentioned[entry.kind, entry.language, entry.parts[0]] - 1)
        if entry.kind != "item" and ("item", entry.language, entry.parts) in listed:
            value *= _ALSO_A_THING
        values[entry] = value
    return values
