"""The words of a title that say what it is about."""

from __future__ import annotations

import re

from neighbourly.core.language import fold, is_stop_word, stems

MOST = 12
_WORD = re.compile(r"[^\W_]+")


def telling_words(title: str) -> tuple[str, ...]:
    """Give the words of a title without grammar, ways of asking and repetitions, in small letters, else as written.

    At most 12, the first ones. Two forms of one word count once.
    """
    told: dict[frozenset[str], str] = {}
    for word in _WORD.findall(title.lower()):
        if not all(is_stop_word(part) for part in fold(word).split()):
            told.setdefault(stems(word), word)
    return tuple(told.values())[:MOST]
