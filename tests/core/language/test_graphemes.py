"""TXT-03: lengths are what a person sees; any script and joined emoji are kept, what hides or misleads is found."""

from __future__ import annotations

import time

import pytest

from neighbourly.core.language import graphemes

KEPT = {
    "a mechanic with a skin tone": ("👩🏽‍🔧", 1),
    "a rainbow flag": ("🏳️‍🌈", 1),
    "a family of four": ("👨‍👩‍👧‍👦", 1),
    "a heart as a picture": ("❤️", 1),
    "the flag of Scotland": ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1),
    "a picture newer than Python's tables": ("\U0001fae9", 1),
    "Persian with a non-joiner": ("علی\u200cرضا", 6),
    "Persian with a redundant non-joiner": ("رضا\u200cپور", 6),
    "Hindi": ("नमस्ते", 3),
    "Hindi with a joiner": ("क्\u200dष", 1),
    "Bengali ya-phala": ("র\u200d্যাব", 2),
    "an old Malayalam chillu at the end": ("അവന്\u200d", 3),
    "Sinhala": ("ශ්\u200dරී", 2),
    "Vietnamese": ("Nguyễn", 6),
    "accents typed apart": ("e\u0301t", 2),
    "Hebrew": ("שרה", 3),
    "an ideograph's variant": ("葛\U000e0100", 1),
}
INVISIBLE = {
    "a Hangul filler": "\u115f",
    "another filler": "\u3164",
    "a half-width filler": "\uffa0",
    "a zero width space": "Ka\u200brim",
    "a joiner between Latin letters": "Ka\u200drim",
    "a non-joiner between Latin letters": "Ka\u200crim",
    "two joiners in a row": "علی\u200c\u200cرضا",
    "a soft hyphen": "Ka\u00adrim",
    "a grapheme joiner": "Ka\u034frim",
    "a right-to-left mark": "Ka\u200frim",
    "an override": "a\u202eb",
    "an isolate": "a\u2066b\u2069",
    "an empty Braille cell": "\u2800",
    "a tag": "a\U000e0041",
    "a flag that does not end": "🏴\U000e0067\U000e0062",
    "a private character": "\ue000",
    "a lone surrogate": "\ud800",
    "a joiner that joins nothing": "👩\u200d",
    "a line separator": "a\u2028b",
}


@pytest.mark.parametrize(("text", "length"), KEPT.values(), ids=KEPT.keys())
def test_what_scripts_and_emoji_need_is_kept_and_counted_as_it_is_seen(text, length):
    assert (graphemes.find_invisible_character(text), graphemes.find_misleading_character(text)) == (None, None)
    assert (graphemes.count_graphemes(text), graphemes.count_visible_graphemes(text)) == (length, length)


@pytest.mark.parametrize("text", ["ᠰᠠᠷ\u180eᠠ", "សុខ\u200bសាន្ត"], ids=["Mongolian vowel", "Khmer space bar"])
def test_what_parts_a_word_as_its_script_writes_it_is_kept(text):
    assert graphemes.find_invisible_character(text) is None


@pytest.mark.parametrize(("text", "length"), [("🇫🇷🇩🇪", 2), ("🇫🇷🇩", 2), ("🇫🇷\ufe0f🇩🇪x", 3), ("a🇫🇷", 2)])
def test_flags_in_a_row_are_counted_each(text, length):
    assert graphemes.count_graphemes(text) == length


@pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_what_shows_nothing_is_found(text):
    assert graphemes.find_invisible_character(text) in tuple(text)


@pytest.mark.parametrize(
    ("text", "misleads"),
    [
        ("a\u202eb", True),
        ("a\u2066b", True),
        ("a\u2069b", True),
        ("\u2066a\nb\u2069", True),
        ("« \u2068שלום\u2069 » dit-elle", False),
        ("\u200fשלום", False),
        ("co\u00adopération", False),
        ("ภาษา\u200bไทย", False),
        ("un\n\tdeux\r\n", False),
        ("\x07", True),
        ("\x85", True),
        ("\ud800", True),
        ("\U000e0041", True),
        ("\u3164", True),
        ("e" + "\u0301" * 17, True),
        ("\ufdd0", True),
        ("⠀⠃⠕⠃", False),
    ],
)
def test_free_text_holds_whatever_does_not_turn_hide_or_cover_it(text, misleads):
    assert (graphemes.find_misleading_character(text) is not None) is misleads


@pytest.mark.parametrize(
    ("text", "visible"), [("\u200b\u200b", 0), ("\u2800", 0), ("  \n", 0), ("a\u200b b", 2), ("\ufe0f", 0), ("—", 1)]
)
def test_only_what_leaves_ink_counts_as_visible(text, visible):
    assert graphemes.count_visible_graphemes(text) == visible


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" \ufeffLéa\u200b ", "Léa"),
        ("علی\u200c", "علی"),
        ("അവന്\u200d", "അവന്\u200d"),
        ("\u00a0a b\u3000", "a b"),
        ("👩🏽\u200d🔧", "👩🏽\u200d🔧"),
        ("Léa \u200c \n", "Léa"),
    ],
)
def test_what_keyboards_leave_at_the_ends_goes(text, kept):
    assert graphemes.trim(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "ᠠ" + "\u180b" * 16_000,
        "x" + "\ufe0f" * 16_000,
        "山" + "\U000e0100" * 16_000,
        "ا" + "\u064b" * 16_000 + "\u200c",
        "ក" + "\u17d2" * 16_000 + "\u200b",
        "🇫" * 8_000,
        "x" + " " * 16_000 + "x",
    ],
    ids=["vowel variants", "picture variants", "ideograph variants", "marks", "Khmer marks", "flags", "spaces"],
)
def test_a_long_text_made_to_take_long_does_not(text):
    """Each look at it takes time in proportion to its length: in its square these took seconds, without a pause."""
    began = time.thread_time()
    for look in (
        graphemes.trim,
        graphemes.find_misleading_character,
        graphemes.find_invisible_character,
        graphemes.count_graphemes,
        graphemes.count_visible_graphemes,
    ):
        look(text)
    assert time.thread_time() - began < 1


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("Une perceuse", 12, "Une perceuse"),
        ("Une perceuse", 11, "Une perc…"),
        ("👩🏽\u200d🔧" * 2, 20, "👩🏽\u200d🔧…"),
        ("é" * 4, 7, "éé…"),
    ],
)
def test_what_is_too_long_to_be_sent_ends_after_a_whole_sign(text, most, kept):
    assert graphemes.shorten(text, most) == kept
