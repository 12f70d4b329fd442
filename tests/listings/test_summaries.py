"""The beginning of a description."""

from __future__ import annotations

import pytest

from neighbourly.listings.summaries import EXCERPT, excerpt


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Avec ses forets.", "Avec ses forets."),
        ("Deux\n\nlignes\tici", "Deux lignes ici"),
        ("x" * EXCERPT, "x" * EXCERPT),
        ("x" * (EXCERPT + 1), "x" * (EXCERPT - 1) + "…"),
        ("mot " * 100, "mot " * 39 + "mot…"),
    ],
)
def test_an_excerpt_is_one_short_line_of_whole_words(text, shown):
    assert excerpt(text[: EXCERPT + 1]) == shown
    assert len(excerpt(text[: EXCERPT + 1])) <= EXCERPT
