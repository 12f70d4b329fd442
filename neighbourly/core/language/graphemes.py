"""What a reader sees of a text: its grapheme clusters, and the characters that show nothing or mislead."""

from __future__ import annotations

import regex

MOST_MARKS = 16
"""Combining marks on one character; no language needs as many (Unicode's stream-safe format, UAX 15, allows 30)."""
ELLIPSIS = "…"

_JOINING = r"[\p{Arab}\p{Syrc}\p{Mong}\p{Nkoo}\p{Mand}\p{Adlm}\p{Rohg}]"
_INDIC = (
    r"[\p{Deva}\p{Beng}\p{Guru}\p{Gujr}\p{Orya}\p{Taml}\p{Telu}\p{Knda}\p{Mlym}\p{Sinh}"
    r"\p{Khmr}\p{Mymr}\p{Tibt}\p{Newa}]"
)
_UNSPACED = r"[\p{Khmr}\p{Laoo}\p{Mymr}\p{Thai}]"
_JOINER = r"[\u200C\u200D]"
_EMOJI = r"\p{Extended_Pictographic}\p{EMod}?\uFE0F?"

_MEANT = regex.compile(
    rf"{_EMOJI}(?:\u200D{_EMOJI})+"  # one picture of several: a mechanic, a rainbow flag, a family
    r"|\U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{3,6}\U000E007F"  # the flag of a region: Scotland
    rf"|{_JOINER}(?<={_JOINING}\p{{M}}*{_JOINER})(?=[\p{{L}}\p{{M}}])"  # how Persian letters join (UAX 31, rules A1, B)
    rf"|{_JOINER}(?<={_INDIC}\p{{M}}*{_JOINER})(?!{_JOINER})"  # which form an Indic letter takes (rule A2)
    r"|(?<=\p{Mong})[\u180B-\u180D\u180F]"
    r"|(?<=\p{Mong})\u180E(?=[\u1820\u1821])"  # before the last vowel of a Mongolian word
    rf"|\u200B(?<={_UNSPACED}\p{{M}}*\u200B)(?={_UNSPACED})"  # where a word ends: the space bar of Khmer keyboards
    r"|(?<=\p{Han})[\uFE00-\uFE02\U000E0100-\U000E01EF]"
    r"|(?<=[^\s\p{C}])[\uFE0E\uFE0F]"  # text or picture
)
"""Invisible characters where a script or an emoji needs them (UTS 51, UAX 31 section 2.3).

What looks back over marks does so from after its joiner: else each of a thousand marks would look back over all others.
"""

_MISLEADING = regex.compile(
    r"[\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u206A-\u206F\uFFF9-\uFFFB"
    r"\u115F\u1160\u3164\uFFA0\U000E0000-\U000E0FFF]"
    r"|(?![\t\n\r])\p{Cc}"
    rf"|\p{{M}}{{{MOST_MARKS + 1},}}"
)
"""Control characters, direction overrides (UAX 9), tags, fillers, and piles of marks that cover other lines."""

_UNSEEN = regex.compile(
    r"(?!\p{Extended_Pictographic})[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\U0001D159]"
)
_SEEN = regex.compile(r"[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800\U0001D159]|\p{Extended_Pictographic}")
_CLUSTER = regex.compile(r"[\U0001F1E6-\U0001F1FF]{2}[\p{M}\u200C\u200D\p{EMod}]*+|\X")
"""Flags first: `\\X` alone would count back through all flags in a row at each of them."""
_BEGIN = regex.compile(r"^[\s\u00AD\u200B\u200C\u2060\uFEFF]+")
_END = regex.compile(r"(?r)(?:[\s\u00AD\u200B\u2060\uFEFF]|(?<!\p{M})\u200C)+\Z")
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"


def trim(text: str) -> str:
    """Take away the white space and the invisible characters that keyboards leave at both ends."""
    trimmed: str = _BEGIN.sub("", _END.sub("", text))
    return trimmed


def count_graphemes(text: str) -> int:
    """Count what a person would call characters: extended grapheme clusters (UAX 29)."""
    return len(text) if text.isascii() else len(_CLUSTER.findall(text))


def count_visible_graphemes(text: str) -> int:
    """Count the clusters that leave ink: neither white space nor invisible characters alone."""
    return sum(1 for cluster in _CLUSTER.findall(text) if _SEEN.search(cluster))


def shows_something(text: str) -> bool:
    """Whether anything of a text leaves ink."""
    return _SEEN.search(text) is not None


def shorten(text: str, most_bytes: int) -> str:
    """Cut a text whose UTF-8 has more bytes than that after a whole grapheme, and put an ellipsis there."""
    if len(text.encode()) <= most_bytes:
        return text
    end, left = 0, most_bytes - len(ELLIPSIS.encode())
    for cluster in _CLUSTER.finditer(text):
        left -= len(cluster[0].encode())
        if left < 0:
            break
        end = cluster.end()
    return text[:end] + ELLIPSIS


def find_misleading_character(text: str) -> str | None:
    """Give the first character that no text may hold, None where there is none.

    Those are control characters but tab and line ends, direction overrides and isolates that do not close, tags outside
    of flags, Hangul fillers, non-characters, and more than `MOST_MARKS` combining marks in a row.
    """
    if text.isascii() and text.isprintable():
        return None
    found = _MISLEADING.search(_MEANT.sub("", text))
    return found[0][0] if found else _find_unclosed_isolate(text)


def find_invisible_character(text: str) -> str | None:
    """Give the first character of a single line that shows nothing and that neither script nor emoji needs, or None."""
    if text.isascii() and text.isprintable():
        return None
    found = _UNSEEN.search(_MEANT.sub("", text))
    return found[0] if found else None


def _find_unclosed_isolate(text: str) -> str | None:
    """Isolates must close before their paragraph ends, else what is shown after them turns around too."""
    for line in text.splitlines():
        depth = 0
        for character in line:
            depth += (character in _OPENING) - (character in _CLOSING)
            if depth < 0:
                return character
        if depth:
            return _OPENING[0]
    return None
