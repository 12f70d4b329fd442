"""What is said of a person where not all of the name is, and where a stranger may have written it."""

from __future__ import annotations

import unicodedata

import regex

from neighbourly.core.language.folding import words

MOST_IN_MAIL = 30
_INITIAL = regex.compile(r"(?<![\p{L}\p{M}])(\p{L}\p{M}*)\.(?=$|[ -])")
_MAILABLE = regex.compile(r"[\p{L}\p{M}]+(?:[ '’-]{1,2}[\p{L}\p{M}]+)*")
_NO_NAME = frozenset(
    words(
        # What asks the reader to do something, or alarms them; words of addresses.
        "aller allez va visitez cliquez clique appelez appelle rappelez ecrivez repondez telephonez payez envoyez tapez"
        " compte bloque suspendu urgent gagnez gagne gratuit virement banque mot passe code site lien"
        " go visit click call text reply pay send type account blocked locked urgent win free bank password link"
        " website http https www com fr org net eu info biz io point dot arobase at"
    )
)


def first_word(display_name: str) -> str:
    """All that a notification says of a person (FCM-05), and a listing that is seen only because it is held."""
    return (display_name.split() or [""])[0]


def name_for_mail(display_name: str) -> str | None:
    """The name as a mail to somebody who is no member yet may say it; None where it may say none.

    Whoever registers an address writes this name into a stranger's mailbox. So it is letters, spaces, hyphens and
    apostrophes, at most 30 signs, and no word that makes a sentence or an address of it; the dot of an initial goes.
    """
    text: str = _INITIAL.sub(r"\1", unicodedata.normalize("NFKC", display_name)).strip()
    if len(text) > MOST_IN_MAIL or not _MAILABLE.fullmatch(text) or _NO_NAME.intersection(words(text)):
        return None
    return text
