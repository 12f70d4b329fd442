"""One spelling for what people write in many: no capitals, no accents, no apostrophes."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})


def fold(text: str) -> str:
    """Give the words of `text` in lower case and without accents, one space between them, nothing else.

    Apostrophes, hyphens and all other signs become spaces; ligatures their two letters: "L'Œuf—dur" is "l oeuf dur".
    """
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Give the folded words of `text` in their order, repetitions included: letters and digits only."""
    return _WORD.findall(_bare(text))


def _bare(text: str) -> str:
    # Taken apart before the case is folded too: a mathematical Α is a capital only once it is taken apart.
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    # Composed again, so that scripts whose letters come apart in NFKD (Hangul) stay the letters they were.
    return unicodedata.normalize("NFC", kept)
