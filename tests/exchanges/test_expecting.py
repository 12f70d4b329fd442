"""How soon an answer usually comes, coarse and only as far as people agree."""

from __future__ import annotations

import pytest

from neighbourly.exchanges.expecting import expectation


def expected(own=None, answers=5, agrees=True, around=None, around_answers=5, language="fr"):
    """The code and whom it is about."""
    found = expectation(
        own_median=own,
        own_answers=answers,
        agrees=agrees,
        median_around=around,
        answers_around=around_answers,
        language=language,
    )
    return found and (found.code, found.about)


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (0, "within_1_h"),
        (60, "within_1_h"),
        (61, "within_3_h"),
        (180, "within_3_h"),
        (720, "within_12_h"),
        (1440, "within_1_day"),
        (2880, "within_2_days"),
        (4320, "within_3_days"),
        (50_000, "within_3_days"),
    ],
)
def test_the_steps_are_coarse(minutes, code):
    assert expected(own=minutes) == (code, "person")


def test_four_answers_say_nothing_and_five_do():
    assert expected(own=60, answers=4) is None
    assert expected(own=60, answers=5) == ("within_1_h", "person")


def test_who_does_not_agree_is_spoken_of_by_their_neighbourhood_alone():
    assert expected(own=30, agrees=False, around=200) == ("within_12_h", "neighbourhood")
    assert expected(own=30, agrees=None, around=200, around_answers=4) is None


def test_the_words_are_those_of_the_language():
    said = [
        expectation(
            own_median=None, own_answers=None, agrees=None, median_around=100, answers_around=9, language=language
        )
        for language in ("fr", "en")
    ]
    assert [each and each.text for each in said] == [
        "dans le quartier, on répond d'habitude sous 3 h",
        "in this neighbourhood one answers usually within 3 h",
    ]
