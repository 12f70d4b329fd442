"""The tree of categories is whole, and reads as the API promises."""

import re

import pytest

from neighbourly.core.language import is_stop_word, words
from neighbourly.listings import categories
from neighbourly.listings.categories import CATEGORIES, KINDS, Category

EACH = pytest.mark.parametrize("category", CATEGORIES.values(), ids=list(CATEGORIES))


def test_there_are_about_sixty_of_all_kinds():
    assert 55 <= len(categories.CATEGORIES) <= 75
    assert {category.kind for category in CATEGORIES.values()} == set(KINDS)


@EACH
def test_a_category_has_a_stable_slug_and_two_names(category: Category):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", category.slug)
    assert all(3 <= len(category.name[language]) <= 50 for language in ("fr", "en"))


@EACH
def test_a_category_lies_at_most_one_below_the_top_and_shares_its_parents_kind(category: Category):
    if category.parent is not None:
        parent = CATEGORIES[category.parent]
        assert parent.parent is None
        assert parent.kind == category.kind


@EACH
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_category_has_telling_words_in_each_language(category: Category, language: str):
    listed = category.words[language]
    assert len(listed) >= (8 if category.parent else 4)
    assert len(set(listed)) == len(listed)
    for phrase in listed:
        assert not all(is_stop_word(word) for word in words(phrase)), phrase


def test_names_are_unique_in_each_language():
    for language in ("fr", "en"):
        assert len({category.name[language] for category in CATEGORIES.values()}) == len(CATEGORIES)


def test_the_tree_is_named_in_the_language_asked_for():
    french, english = categories.tree("fr")[0], categories.tree("en")[0]
    assert french["id"] == english["id"] == "tools"
    assert french["name"] == "Outils et bricolage"
    assert english["name"] == "Tools and DIY"
    assert french["children"][0] == {
        "id": "power-drills",
        "name": "Perceuses et visseuses",
        "kind": "item",
        "children": [],
    }


def test_the_tree_holds_every_category_once():
    in_tree = [slug for top in categories.tree("fr") for slug in (top["id"], *(leaf["id"] for leaf in top["children"]))]
    assert sorted(in_tree) == sorted(categories.CATEGORIES)


def test_a_category_is_found_by_its_slug():
    found = categories.get("ladders")
    assert found is not None
    assert (found.kind, found.parent, found.name["en"]) == ("item", "tools", "Ladders and scaffolds")
    assert categories.get("unicorns") is None


@pytest.mark.parametrize(("slug", "above"), [("power-drills", ("tools",)), ("tools", ()), ("unicorns", ())])
def test_ancestors_are_those_above(slug, above):
    assert categories.ancestors(slug) == above


def test_descendants_include_the_category_itself():
    assert categories.with_descendants("garden") == ("garden", "garden-tools", "mowers-and-trimmers")
    assert categories.with_descendants("ladders") == ("ladders",)
    assert categories.with_descendants("unicorns") == ()
