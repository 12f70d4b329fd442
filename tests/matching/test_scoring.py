"""Scores are sums that explain themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.listings import categories
from neighbourly.matching.rule import WEIGHTS
from neighbourly.matching.scoring import Fit, explain, kinship, rounded, score
from neighbourly.matching.words import telling_words

DRILL = Fit(
    distance_m=300,
    radius_m=1000,
    wanted="power-drills",
    found="power-drills",
    by="offer",
    words=("perceuse",),
    of=2,
)
SLUGS = st.none() | st.sampled_from(sorted(categories.CATEGORIES))


def changed(**fields: object) -> Fit:
    return Fit(**vars(DRILL) | fields)  # type: ignore[arg-type]


def test_the_weights_add_up_to_one():
    assert sum(WEIGHTS.values()) == 1


@given(
    st.integers(0, 50_000),
    st.integers(100, 50_000),
    SLUGS,
    SLUGS,
    st.integers(0, 12),
    st.sampled_from(["offer", "interest"]),
)
def test_contributions_add_up_to_the_score_and_it_stays_between_0_and_1(distance, radius, wanted, found, shared, by):
    fit = Fit(distance, radius, wanted, found, by, tuple("abcdefghijkl"[:shared]), 12)
    factors = explain(fit)
    assert sum(factor.contribution for factor in factors) == score(fit)
    assert all(factor.contribution == factor.value * factor.weight for factor in factors)
    assert 0 <= score(fit) <= 1
    assert all(factor.why["fr"] and factor.why["en"] for factor in factors)


def test_a_perfect_match_scores_one_and_nothing_in_common_zero():
    assert score(changed(distance_m=0, words=("perceuse", "béton"))) == 1
    assert score(changed(distance_m=1000, found="books", words=())) == 0


@pytest.mark.parametrize(
    ("wanted", "found", "value"),
    [
        ("power-drills", "power-drills", 1.0),
        ("power-drills", "tools", 0.5),
        ("power-drills", "saws", 0.5),
        ("tools", "saws", 0.5),
        ("power-drills", "books", 0.0),
        ("power-drills", None, 0.0),
        (None, "power-drills", 0.0),
        (None, None, 0.0),
    ],
)
def test_categories_are_the_same_of_one_family_or_neither(wanted, found, value):
    assert kinship(wanted, found) == value


@pytest.mark.parametrize(
    ("metres", "french", "english"),
    [
        (0, "tout près", "very close"),
        (49, "tout près", "very close"),
        (50, "à environ 100 m", "about 100 m away"),
        (349, "à environ 300 m", "about 300 m away"),
        (949, "à environ 900 m", "about 900 m away"),
        (950, "à environ 1 km", "about 1 km away"),
        (1249, "à environ 1,2 km", "about 1.2 km away"),
        (19_960, "à environ 20 km", "about 20 km away"),
    ],
)
def test_distances_are_said_to_the_hundred_metres(metres, french, english):
    said = {language: text.replace("\u00a0", " ") for language, text in rounded(metres).items()}
    assert said == {"fr": french, "en": english}


def test_each_factor_says_why():
    whys = [factor.why["fr"].replace("\u00a0", " ") for factor in explain(DRILL)]
    assert whys == ["à environ 300 m", "même catégorie : Perceuses et visseuses", "mot commun : perceuse"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"found": "saws"}, "same family: Saws and cutting"),
        ({"found": "books"}, "another category: Books and magazines"),
        ({"found": None}, "category not given"),
        ({"found": "tools", "by": "interest"}, "among your interests: Tools and DIY"),
    ],
)
def test_the_category_says_how_it_is_related(fields, why):
    assert explain(changed(**fields))[1].why["en"] == why


def test_the_inputs_of_a_score_survive_being_kept():
    assert Fit.from_json(DRILL.as_json()) == DRILL


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("J'ai besoin d'une perceuse à béton", ("perceuse", "béton")),
        ("Can someone lend me a drill?", ("drill",)),
        ("Percer : des perceuses, une perceuse", ("percer", "perceuses")),
        ("12 chaises", ("chaises",)),
        ("Quelqu'un peut m'aider ?", ()),
    ],
)
def test_only_words_that_say_something_are_compared(title, words):
    assert telling_words(title) == words
