"""The words of the mails: both languages, French spacing, nothing in them but what the reader needs."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from neighbourly.accounts import errors, mails
from neighbourly.accounts.terms import TEXTS
from neighbourly.core.errors import Problem

LETTERS = {
    "register": lambda language: mails.register_letter(
        language, "481516", display_name="Léa <b>M.</b>", asked_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    ),
    "sign_in_failed": lambda language: mails.sign_in_failed_letter(
        language, "481516", display_name="Léa M.", asked_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    ),
    "known": mails.known_letter,
    "reset": lambda language: mails.reset_letter(language, "481516"),
}
TIGHT = re.compile(r"[^\u00a0\u202f][:;!?»]|«[^\u00a0\u202f]")
"""French sets a space that does not break before these signs, and within its quotation marks."""


def without_figures(text: str) -> str:
    """Times of day and addresses have a colon of their own."""
    return re.sub(r"\d+:\d+|https?:\S+", "", text)


@pytest.mark.parametrize("kind", LETTERS)
def test_french_letters_have_french_spaces(kind):
    letter = LETTERS[kind]("fr")
    text = without_figures(letter.text("fr", "Les voisins", "bonjour@example.org"))
    assert TIGHT.findall(text) == []


def test_french_refusals_and_terms_have_french_spaces():
    words = [each.title["fr"] for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Problem)]
    assert [found for text in [*words, TEXTS["fr"]] for found in TIGHT.findall(text)] == []


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_letter_is_text_and_html_with_nothing_to_load_or_to_tap(kind, language):
    """A code is typed: no mail of ours asks anyone to follow a link."""
    letter = LETTERS[kind](language)
    page = letter.html(language, "Les voisins", "bonjour@example.org")
    assert f'<html lang="{language}">' in page
    assert not re.search(r"src=|href=|url\(|<script|http", page)
    assert ("481516" in page) == ("481516" in letter.text(language, "", "")) == (kind != "known")


@pytest.mark.parametrize("write", [mails.register_letter, mails.sign_in_failed_letter])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "written",
    [
        "Léa <b>M.</b>",
        "Compte bloque: allez sur voisins-aide.com",
        "Compte bloqué allez sur",
        "Appelez le 0612345678 urgent",
        "Appelez vite",
        "https:⁄⁄evil.com",
        "evil。com",
        "evil．com",
        "evil․com",
        "evil.com",
        "evil. com",
        "evil com",
        "evil point com",
        "ｅｖｉｌ．ｃｏｍ",
        "０６１２３４５６７８",
        "Karim\nhttp",
        "Gagnez un vélo",
        "Your account is blocked",
        "Jean le plus long nom de la rue",
        "Léa @home",
        "🎁 Léa",
    ],
)
def test_a_name_in_a_strangers_mail_carries_no_message(write, language, written):
    """SEC-27: whoever registers somebody else's address writes into their mailbox, and may say nothing there."""
    letter = write(language, "481516", display_name=written, asked_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC))
    sent = letter.text(language, "", "") + letter.html(language, "", "") + letter.subject
    assert write(language, "481516", display_name="§", asked_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC)) == letter
    assert not any(each in sent for each in (written, "evil", "voisins-aide", "0612345678", "ｅ", "<b>", "🎁"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Léa M.", "Léa M"),
        ("J.-P. Roux", "J-P Roux"),
        ("Marie-Claude de la Tour", "Marie-Claude de la Tour"),
        ("D'Arcy O’Neil", "D'Arcy O’Neil"),
        ("Ｌéa", "Léa"),
        ("Nguyễn Thị", "Nguyễn Thị"),
        ("علی رضا", "علی رضا"),
        ("नीतू", "नीतू"),
    ],
)
def test_an_ordinary_name_stands_in_the_mail(written, said):
    """SEC-13: by which its owner knows that it is hers."""
    letter = mails.register_letter("en", "481516", display_name=written, asked_at=datetime(2026, 7, 14, tzinfo=UTC))
    assert f"“{said}”" in letter.text("en", "", "")


@pytest.mark.parametrize(
    ("language", "moment"), [("fr", "le mercredi 15 juillet à 00:30"), ("en", "Wednesday 15 July at 00:30")]
)
def test_the_time_is_that_of_the_reader(language, moment):
    """SEC-13: which registration this is, in the country's own time."""
    assert moment in LETTERS["register"](language).text(language, "", "")
