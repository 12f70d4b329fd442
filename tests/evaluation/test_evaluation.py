"""What was promised of matching, measured as `make eval` does; and the measures themselves."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests import databases
from tests.evaluation import examples, guesses, rankings
from tests.evaluation.metrics import Guessed, Quality, Ranked, Share, by_band, quality, share


@pytest.mark.parametrize(
    ("found", "right", "reciprocal_rank", "recall"),
    [
        (["a", "b"], ["a"], 1, 1),
        (["b", "a"], ["a"], 1 / 2, 1),
        (["b", "c", "d", "a"], ["a"], 1 / 4, 0),
        (["b", "a", "c", "d"], ["d", "a"], 1 / 2, 1 / 2),
        (["b"], ["a"], 0, 0),
        ([], ["a"], 0, 0),
    ],
)
def test_a_ranking_is_as_good_as_its_first_right_offer_and_as_full_as_its_first_three(
    found, right, reciprocal_rank, recall
):
    assert (Ranked(found, right).reciprocal_rank, Ranked(found, right).recall) == (reciprocal_rank, recall)


def test_the_quality_is_the_mean_over_all_needs():
    assert quality([Ranked(["a"], ["a"]), Ranked(["b", "a"], ["a"]), Ranked([], ["a"])]) == Quality(1 / 2, 2 / 3)


def test_a_guess_is_right_left_open_or_wrong():
    told = [Guessed("a", {"a", "b"}, 1), Guessed("a", {"b"}, 0.5), Guessed(None, {"a"}, 0.1), Guessed("b", {"b"}, 0.6)]
    assert share(told) == Share(4, 0.5, 0.25, 0.25)


@pytest.mark.parametrize(("confidence", "band"), [(0, 0), (0.199, 0), (0.2, 1), (0.79, 3), (0.8, 4), (1, 4)])
def test_guesses_are_told_apart_by_fifths_of_their_confidence(confidence, band):
    assert by_band([Guessed("a", {"a"}, confidence)]) == {band: Share(1, 1, 0, 0)}


@pytest.fixture
def measure(app, meaning):
    """`measure(file)`: how well each way of looking does on these examples, with nothing else in the database."""

    def on(file) -> Mapping[str, Quality]:
        with databases.apart(app):
            return rankings.measure(examples.read(file))

    return on


def test_needs_find_what_meets_them_where_letters_alone_do_not(measure, shared_data):
    found = measure(examples.given(shared_data))
    assert found[rankings.KIND_GIVEN].mrr >= 0.8
    assert found[rankings.KIND_GUESSED].mrr >= 2 * found[rankings.TRIGRAMS].mrr
    assert found[rankings.KIND_GIVEN].mrr >= 2 * found[rankings.TRIGRAMS].mrr


def test_so_they_do_on_examples_of_our_own(measure):
    assert measure(examples.OURS)[rankings.KIND_GIVEN].mrr >= 0.8


def test_the_meaning_takes_few_things_of_a_tool_library_for_something_silly(meaning, shared_data):
    assert share(guesses.of_categories(shared_data, guesses.by_meaning)).wrong <= 0.05
