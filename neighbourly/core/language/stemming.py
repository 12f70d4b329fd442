"""What a word keeps when its endings fall: Snowball's French and English, side by side."""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock

import snowballstemmer

from neighbourly.core.language.folding import words
from neighbourly.core.language.stop_words import STOP_WORDS

LANGUAGES = ("fr", "en")

_LONGEST_WORD = 40
_CACHED_WORDS = 16_384

# Plurals that Snowball leaves apart from their singular.
_SINGULARS: dict[str, dict[str, str]] = {
    "fr": {
        "cheveux": "cheveu", "feux": "feu", "jeux": "jeu", "lieux": "lieu", "neveux": "neveu", "travaux": "travail",
        "voeux": "voeu", "yeux": "oeil",
    },
    "en": {
        "children": "child", "feet": "foot", "knives": "knife", "leaves": "leaf", "mice": "mouse", "people": "person",
        "shelves": "shelf", "teeth": "tooth", "women": "woman", "men": "man",
    },
}  # fmt: skip
_STEMMERS: dict[str, Callable[[str], str]] = {
    "fr": snowballstemmer.stemmer("french").stemWord,
    "en": snowballstemmer.stemmer("english").stemWord,
}
# A Snowball stemmer keeps the word it works on in itself, and a web process has many threads.
_ONE_AT_A_TIME = Lock()


def is_stop_word(word: str) -> bool:
    """Say whether a folded word tells nothing of the subject: grammar, a way of asking, a single letter or a number."""
    return len(word) < 2 or word in STOP_WORDS or word.isdecimal()


@lru_cache(maxsize=_CACHED_WORDS)
def stem(word: str, language: str) -> str:
    """Give the stem of one folded word in `language` ("fr" or "en"); words of over 40 letters lose what follows."""
    singular = _singular(word[:_LONGEST_WORD], language)
    with _ONE_AT_A_TIME:
        return _STEMMERS[language](singular)


def _singular(word: str, language: str) -> str:
    # French Snowball keeps the s after a, i, o, u, for the sake of "bras" and "tapis": "vélos" would not meet "vélo".
    if language == "fr" and len(word) > 3 and word.endswith(("as", "is", "os", "us")):
        return word[:-1]
    return _SINGULARS[language].get(word, word)


def stems(text: str) -> frozenset[str]:
    """Give all stems of `text`, French and English together, without its stop words.

    Two texts that share a stem speak of the same thing more often than not, whichever of the two languages they are in.
    """
    telling = (word for word in words(text) if not is_stop_word(word))
    return frozenset().union(*(_both(word) for word in telling))


def _both(word: str) -> frozenset[str]:
    return frozenset(stem(word[:_LONGEST_WORD], language) for language in LANGUAGES)
