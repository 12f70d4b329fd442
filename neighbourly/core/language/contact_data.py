"""Contact data in what people write: telephone numbers, e-mail addresses, street addresses; found, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
import regex

HOME_REGION = "FR"
"""Numbers without a country's prefix are read as this country's."""

MASK = "[…]"
"""What stands where contact data was."""

_EMAIL = regex.compile(
    r"(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}\s?(?:@|[(\[]\s?(?:at|arobase|chez)\s?[)\]]|\barobase\b)\s?"
    r"[\p{L}\p{N}-]+(?:\s?(?:\.|[(\[]\s?(?:dot|point)\s?[)\]]|\bpoint\b)\s?[\p{L}\p{N}-]+)*"
    r"\s?(?:\.|[(\[]\s?(?:dot|point)\s?[)\]]|\bpoint\b)\s?\p{L}{2,}",
    regex.IGNORECASE,
)
_PLAIN_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " "))
"""Phones put narrow spaces between the pairs of a number."""
_SLASHED_NUMBER = regex.compile(r"(?<![\d/])0\d(?:/\d\d){4}(?![\d/])")
_NUMBER = r"(?<![\p{N}.,])\d{1,4}(?:\s?(?i:bis|ter|quater|[a-d]))?,?\s+"
_STREET = (
    r"(?:rue|r\.|avenue|av\.|boulevard|boul\.|bd|bld|allées?|impasse|imp\.|quai|ruelle|venelle|faubourg|fbg"
    r"|esplanade|promenade|rond-point|sentier|traverse|lotissement|résidence|hameau)"
)
_AMBIGUOUS = r"(?:place|pl\.|cours|chemin|ch\.|route|rte|passage|square|villa|cité|mail|clos|côte|montée|parvis)"
_PARTICLES = r"(?:(?:de|du|des|la|le|les|à|au|aux)\s+|[dl]['’])*"
_FRENCH_ADDRESS = regex.compile(
    rf"{_NUMBER}(?:(?i:{_STREET})\s+(?i:{_PARTICLES})[\p{{L}}\p{{N}}]|(?i:{_AMBIGUOUS})\s+(?i:{_PARTICLES})\p{{Lu}})"
    r"[\p{L}\p{M}\p{N}'’-]*(?:[ -]\p{Lu}[\p{L}\p{M}'’-]*)*"
)
_ENGLISH_ADDRESS = regex.compile(
    r"(?<![\p{N}.,])\d{1,4}[a-dA-D]?,?\s+(?:\p{Lu}[\p{L}'’-]*\s+){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Crescent|Court|Terrace|Gardens|Square|Grove|Mews|Way)\b"
)


@dataclass(frozen=True)
class ContactData:
    """A piece of a text, from `start` to `end` (code points, half-open), that tells how or where to reach someone."""

    kind: str
    """`phone_number`, `email_address` or `street_address`."""
    start: int
    end: int


def find_contact_data(text: str) -> list[ContactData]:
    """Find contact data in French and English text, in the order in which it stands; a guess, meant to warn or mask."""
    return sorted({*_find_numbers(text), *_find_addresses(text)}, key=lambda found: found.start)


def mask_contact_data(text: str) -> str:
    """The text with `MASK` in the place of each piece of contact data; masking again changes nothing."""
    masked, end = "", 0
    for found in find_contact_data(text):
        if found.start >= end:
            masked += text[end : found.start] + MASK
        end = max(end, found.end)
    return masked + text[end:]


def _find_numbers(text: str) -> Iterator[ContactData]:
    for found in phonenumbers.PhoneNumberMatcher(text.translate(_PLAIN_SPACES), HOME_REGION):
        yield ContactData("phone_number", found.start, found.end)
    for found in _SLASHED_NUMBER.finditer(text):
        yield ContactData("phone_number", *found.span())


def _find_addresses(text: str) -> Iterator[ContactData]:
    for found in _EMAIL.finditer(text):
        yield ContactData("email_address", *found.span())
    for pattern in (_FRENCH_ADDRESS, _ENGLISH_ADDRESS):
        for found in pattern.finditer(text):
            yield ContactData("street_address", *found.span())
