"""The words of a title that say what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from neighbourly.core.language.folding import fold
from neighbourly.core.language.stemming import is_stop_word, stems
from neighbourly.core.language.stop_words import WHEN_WORDS

MOST = 12
_WORD = re.compile(r"[^\W_]+")


def telling_words(title: str) -> tuple[str, ...]:
    """Give the words of a title without grammar, ways of asking, days and repetitions: small letters, else as is.

    At most 12, the first ones. Two forms of one word count once.
    """
    told: dict[frozenset[str], str] = {}
    for word in _WORD.findall(title.lower()):
        if _tells(word):
            told.setdefault(stems(word), word)
    return tuple(told.values())[:MOST]


def idea_of(title: str) -> str:
    """Give the part of a title that says what it is about: from its first to its last telling word, as written."""
    telling = [found for found in _WORD.finditer(title) if _tells(found[0].lower())]
    return title[telling[0].start() : telling[-1].end()] if telling else title


def subject_of(title: str) -> str:
    """Give what a title asks for or offers, as written and without the way of asking; empty where no word says it."""
    return idea_of(title) if telling_words(title) else ""


def _tells(word: str) -> bool:
    return not all(is_stop_word(part) or part in WHEN_WORDS for part in fold(word).split())


def words_among(words: Iterable[str], said: frozenset[str]) -> tuple[str, ...]:
    """Give those of the words of which a stem is among those `said`: whatever their endings."""
    return tuple(word for word in words if stems(word) & said)
