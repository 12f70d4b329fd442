"""Scores are sums that explain themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.core.language import idea_of, telling_words
from neighbourly.listings import categories
from neighbourly.matching.reasons import of_age, of_distance
from neighbourly.matching.rule import VERSION, WEIGHTS, WEIGHTS_OF
from neighbourly.matching.scoring import Fit, explain, kinship, likeness, score

DRILL = Fit(
    distance_m=300,
    radius_m=1000,
    wanted="power-drills",
    found="power-drills",
    by="offer",
    words=("perceuse",),
    of=2,
    like=0.5,
    idea="percer un mur",
    free=1.0,
    age_days=3,
    turn=1.0,
)
FIRST = {
    "rule": "1",
    "distance_m": 300,
    "radius_m": 1000,
    "wanted": "power-drills",
    "found": "power-drills",
    "by": "offer",
    "words": ["perceuse"],
    "of": 2,
}
"""What the first version of the rule kept of a match."""
SLUGS = st.none() | st.sampled_from(sorted(categories.CATEGORIES))


def changed(**fields: object) -> Fit:
    return Fit(**vars(DRILL) | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("version", WEIGHTS_OF)
def test_the_weights_add_up_to_one(version):
    assert sum(WEIGHTS_OF[version].values()) == pytest.approx(1)


def test_the_rule_in_force_is_the_newest():
    assert WEIGHTS is WEIGHTS_OF[VERSION]
    assert max(WEIGHTS_OF, key=int) == VERSION


@given(
    st.integers(0, 50_000),
    st.integers(100, 50_000),
    SLUGS,
    SLUGS,
    st.integers(0, 12),
    st.sampled_from(["offer", "interest"]),
    st.none() | st.floats(-1, 1),
    st.none() | st.integers(0, 4000),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from(sorted(WEIGHTS_OF)),
)
def test_contributions_add_up_to_the_score_and_it_stays_between_0_and_1(
    distance, radius, wanted, found, shared, by, like, age, half, rule
):
    words = tuple("abcdefghijkl"[:shared])
    fit = Fit(distance, radius, wanted, found, by, words, 12, like, "percer", half, age, 1 - half, rule)
    factors = explain(fit)
    assert sum(factor.contribution for factor in factors) == score(fit)
    assert all(factor.contribution == factor.value * factor.weight for factor in factors)
    assert 0 <= score(fit) <= 1 + 1e-9
    assert all(factor.why["fr"] and factor.why["en"] for factor in factors)


def test_a_perfect_match_scores_one_and_nothing_in_common_zero():
    assert score(changed(distance_m=0, words=("perceuse", "béton"), like=0.7)) == pytest.approx(1)
    nothing = {"found": "books", "words": (), "like": -0.1, "free": 0.0, "age_days": 400, "turn": 0.0}
    assert score(changed(distance_m=20_000, **nothing)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("metres", "value"), [(0, 1.0), (1000, 0.5), (2000, 0.25), (3000, 0.125)])
def test_every_kilometre_takes_half_of_the_nearness(metres, value):
    (distance,) = (each for each in explain(changed(distance_m=metres)) if each.name == "distance")
    assert distance.value == value


@pytest.mark.parametrize(("like", "value"), [(None, 0), (-0.2, 0), (0.0, 0), (0.35, 0.5), (0.7, 1), (0.9, 1)])
def test_meaning_counts_by_the_share_of_a_full_likeness(like, value):
    assert likeness(like) == value


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
    said = {language: text.replace("\u00a0", " ") for language, text in of_distance(metres).items()}
    assert said == {"fr": french, "en": english}


def test_each_factor_says_why():
    whys = [factor.why["fr"].replace("\u00a0", " ") for factor in explain(DRILL)]
    assert whys == [
        "même idée : percer un mur",
        "même catégorie : Perceuses et visseuses",
        "mot commun : perceuse",
        "à environ 300 m",
        "libre au moment voulu",
        "annonce de ce mois-ci",
        "c'est son tour",
    ]


@pytest.mark.parametrize(
    ("position", "fields", "why"),
    [
        (0, {"like": 0.3}, "a like idea: percer un mur"),
        (0, {"like": 0.1}, "few ideas in common"),
        (0, {"like": None}, "meaning not read yet"),
        (0, {"by": "interest", "like": None}, "an interest, with no text to compare"),
        (4, {"free": 0.5}, "the time is still to be agreed"),
        (4, {"free": 0.0}, "taken at that time"),
        (5, {"age_days": 70}, "touched 2 months ago"),
        (5, {"age_days": None}, "an interest has no age"),
        (6, {"turn": 0.5}, "their turn will come soon"),
        (6, {"turn": 0.0}, "others have their turn first"),
    ],
)
def test_each_value_has_its_sentence(position, fields, why):
    assert explain(changed(**fields))[position].why["en"] == why


@pytest.mark.parametrize("days", [0, 29, 30, 31, 59, 60, 365, 4000])
def test_an_age_is_said_in_whole_months(days):
    assert (of_age(days)["en"] == "touched within a month") is (days <= 30)


def test_a_match_of_the_first_rule_is_still_explained_by_it():
    fit = Fit.from_json(FIRST)
    factors = explain(fit)
    assert [(each.name, each.weight) for each in factors] == [("distance", 0.3), ("category", 0.4), ("words", 0.3)]
    assert score(fit) == pytest.approx(0.7 * 0.3 + 0.4 + 0.15)


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


@pytest.mark.parametrize(
    ("fields", "likely"),
    [
        ({}, True),
        ({"found": None, "words": (), "like": 0.5}, True),
        ({"found": None, "words": ("perceuse",), "like": None}, True),
        ({"found": "power-drills", "words": (), "like": None}, True),
        ({"found": "saws", "words": (), "like": 0.49}, False),
    ],
)
def test_likely_is_who_has_the_idea_the_category_or_half_of_the_words(fields, likely):
    assert changed(**fields).is_likely is likely


def test_the_inputs_of_a_score_survive_being_kept():
    assert Fit.from_json(DRILL.as_json()) == DRILL


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("J'ai besoin d'une perceuse à béton", ("perceuse", "béton")),
        ("Can someone lend me a drill?", ("drill",)),
        ("Percer : des perceuses, une perceuse", ("percer", "perceuses")),
        ("Une perceuse pour samedi", ("perceuse",)),
        ("12 chaises", ("chaises",)),
        ("Quelqu'un peut m'aider ?", ()),
    ],
)
def test_only_words_that_say_something_are_compared(title, words):
    assert telling_words(title) == words


@pytest.mark.parametrize(
    ("title", "idea"),
    [
        ("Je dois percer un mur en béton", "percer un mur en béton"),
        ("Can someone lend me a drill?", "drill"),
        ("Appareil à raclette pour ce week-end", "Appareil à raclette"),
        ("Qui peut m'aider ?", "Qui peut m'aider ?"),
    ],
)
def test_the_idea_is_what_the_title_is_about_in_its_own_words(title, idea):
    assert idea_of(title) == idea
