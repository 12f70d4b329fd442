"""Which names neighbours may go by, whichever door they come in by: what a name must not pretend to be or to say."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from neighbourly.core.errors import Words
from neighbourly.core.language.folding import words
from neighbourly.core.language.graphemes import find_invisible_character

MOST = 60
DIRECTION_MARKS = " \u200e\u200f\u061c"
"""What keyboards for Arabic and Hebrew leave at the ends of a name, beside a space; alone, a name needs none."""
NAMELESS: Words = {"fr": "Quelqu'un du quartier", "en": "Someone nearby"}
"""What somebody is called who gave no name, or none that neighbours may read."""

_MARKUP = regex.compile(r"<\s*[/!A-Za-z]")
_SLASHES_AND_DOTS = str.maketrans({"⁄": "/", "∕": "/", "⧸": "/", "\\": "/", "。": ".", "·": ".", "۔": "."})
_LINK = regex.compile(
    r"[/@]|www\.|[\p{L}\p{N}-]{2,}\.\p{L}{2,}|(?:\.|\b(?:point|dot))\s?(?:com|org|net|info|fr)\b", regex.IGNORECASE
)
_SHORT_LINK = regex.compile(r"(?<![\p{L}\p{N}])[\p{L}\p{N}]\.\p{Ll}{2,}")
"""`t.me`, but not `J.Dupont`."""
_NUMBER = regex.compile(r"(?:\p{Nd}[ .\-_]{0,2}){5}")
_VISIBLE = regex.compile(r"\p{L}|\p{Extended_Pictographic}")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_SCRIPTS = regex.findall(
    r"\w+",
    "Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Syriac Thaana Nko Ethiopic Devanagari Bengali Gurmukhi"
    " Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Mongolian Han Hiragana"
    " Katakana Bopomofo Hangul Yi Cherokee Canadian_Aboriginal Tifinagh Vai Adlam Javanese Balinese Coptic Lisu",
)
"""Those of UAX 31's tables 5 and 7 that somebody may write a name in; others are not held against anybody."""
_OF_SCRIPT = {name: regex.compile(rf"\p{{Script={name}}}") for name in _SCRIPTS}
_WRITTEN_TOGETHER = (
    frozenset({"Han", "Hiragana", "Katakana"}),
    frozenset({"Han", "Hangul"}),
    frozenset({"Han", "Bopomofo"}),
)
"""UTS 39, 5.2: Japanese, Korean and Taiwanese words."""
_LOOKALIKES = str.maketrans(
    dict(zip("0134578$|!", "oieastbsii", strict=True))
    | dict(zip("аеорсухіјѕкмтнвгԁһԛԝ", "aeopcyxijskmthbrdhqw", strict=True))
    | dict(zip("οανρτυκιηεχ", "oavptukinex", strict=True))
    | {"ı": "i", "l": "i", "ɑ": "a", "ɡ": "g", "ո": "n", "օ": "o", "ѵ": "v"}
)
"""Signs that pass for a Latin letter at a glance, after folding; one letter for all that look like a stroke."""


@dataclass(frozen=True)
class NameFault:
    """Why neighbours may not go by a name."""

    code: str
    words: Words


INVISIBLE = NameFault(
    "control_character",
    {"fr": "Un nom n'a pas de caractères invisibles.", "en": "A name has no invisible characters."},
)
MARKUP = NameFault("markup_in_name", {"fr": "Un nom ne contient pas de balise.", "en": "A name holds no markup."})
LINK = NameFault(
    "link_in_name",
    {
        "fr": "Un nom ne contient ni lien ni adresse\u00a0; après un point, mettez une espace.",
        "en": "A name holds no link and no address; put a space after a dot.",
    },
)
NUMBER = NameFault(
    "number_in_name",
    {"fr": "Un nom ne contient pas de numéro de téléphone.", "en": "A name holds no telephone number."},
)
LETTERLESS = NameFault(
    "letter_needed", {"fr": "Un nom a au moins une lettre.", "en": "A name has at least one letter."}
)
MIXED = NameFault(
    "mixed_scripts",
    {
        "fr": "Écrivez chaque mot d'un nom dans un seul alphabet\u00a0: une lettre vient d'un autre.",
        "en": "Write each word of a name in one alphabet: a letter comes from another.",
    },
)
RESERVED = NameFault(
    "reserved_name",
    {
        "fr": "Ce nom est gardé pour ceux qui s'occupent du service\u00a0: choisissez le vôtre.",
        "en": "This name is kept for those who run the service: please choose your own.",
    },
)


def tidy(text: str) -> str:
    """On one line, without what a keyboard left around it."""
    return " ".join(text.split()).strip(DIRECTION_MARKS)


def find_fault(name: str) -> NameFault | None:
    """What is wrong with a tidy name, the first thing of it; None where neighbours may go by it."""
    if find_invisible_character(name):
        return INVISIBLE
    plain = unicodedata.normalize("NFKC", name).translate(_SLASHES_AND_DOTS)
    checks = (
        (MARKUP, _MARKUP.search(plain) is not None),
        (LINK, (_LINK.search(plain) or _SHORT_LINK.search(plain)) is not None),
        (NUMBER, _NUMBER.search(plain) is not None),
        (LETTERLESS, _VISIBLE.search(plain) is None),
        (MIXED, any(_mixes_scripts(word) for word in _WORD.findall(plain))),
        (RESERVED, _is_reserved(plain)),
    )
    return next((fault for fault, found in checks if found), None)


def skeleton(name: str) -> str:
    """What a name looks like at a glance: two names of one skeleton are easily taken for each other (UTS 39, 4)."""
    return " ".join(_skeletons(name))


def _skeletons(name: str) -> list[str]:
    """Taken apart at what is no letter or digit; signs that pass for a letter within a word are that letter."""
    plain = unicodedata.normalize("NFKC", name).replace("|", "i").replace("$", "s").replace("!", "i")
    return [_look(word) for word in words(plain)]


def _look(folded: str) -> str:
    return folded.translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w")


def _mixes_scripts(word: str) -> bool:
    """Whether a word has letters of scripts that are not written together (UTS 39, 5.1)."""
    if word.isascii():
        return False
    found = {script for script, pattern in _OF_SCRIPT.items() if pattern.search(word)}
    return len(found) > 1 and not any(found <= together for together in _WRITTEN_TOGETHER)


def _all_looks(texts: str) -> frozenset[str]:
    return frozenset(_look(word) for word in words(texts))


_RESERVED_WORDS = _all_looks(
    "modo modos admin admins webmaster system systeme support helpdesk officiel officielle official"
)
_RESERVED_STEMS = _all_looks("moderat administrat neighbourly")
"""Also as part of a word, or with other signs between the letters."""
_RESERVED_PHRASES = tuple(
    _all_looks(phrase)
    for phrase in (
        "ancien voisin",
        "ancienne voisine",
        "former neighbour",
        "former neighbor",
        "equipe technique",
        "service client",
        "customer service",
        "security team",
        "equipe securite",
    )
)
"""What somebody who has left is called, and who would ask for a password."""


def _is_reserved(plain: str) -> bool:
    looks = _skeletons(plain)
    spelled_out = "".join(looks) if all(len(each) == 1 for each in looks) else ""
    numbered = [_look(word.rstrip("0123456789")) for word in words(plain)]
    return (
        not _RESERVED_WORDS.isdisjoint([*looks, *numbered, spelled_out])
        or any(stem in "".join(looks) for stem in _RESERVED_STEMS)
        or any(phrase <= set(looks) for phrase in _RESERVED_PHRASES)
    )
