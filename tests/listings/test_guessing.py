"""What a title is taken for, in French and English, and when it is better to ask."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.listings.categories import CATEGORIES
from neighbourly.listings.guessing import SURE_ENOUGH, guess
from tests.evaluation.tool_library import SENSIBLE, read

TITLES = [
    ("J'ai besoin d'une perceuse", "item", "power-drills"),
    ("Qui aurait un perforateur pour du béton ?", "item", "power-drills"),
    ("does anyone have a hammer drill", "item", "power-drills"),
    ("Percer un mur en béton", "item", "power-drills"),
    ("Emprunter une scie pour couper des planches", "item", "saws"),
    ("Besoin d'un escabeau pour changer une ampoule", "item", "ladders"),
    ("Lavabo bouché, besoin d'une ventouse", "item", "plumbing"),
    ("Appareil à raclette pour samedi soir", "item", "party-dishes"),
    ("barnum 3x3 pour la fête des voisins", "item", "tents-and-tables"),
    ("Need a travel cot for my nephew", "item", "baby-gear"),
    ("Tente 2 places", "item", "camping"),
    ("Combinaison de ski enfant 8 ans", "item", "winter-sports"),
    ("Vélo pour ma fille de 6 ans", "item", "bikes"),
    ("Vélo d'appartement", "item", "sports"),
    ("Porte-vélos trois vélos", "item", "car-gear"),
    ("Sewing machine to borrow for curtains", "item", "sewing-and-textiles"),
    ("Sorbetière", "item", "kitchen-machines"),
    ("Puzzle 1000 pièces", "item", "toys-and-board-games"),
    ("Béquilles après une entorse", "item", "health-aids"),
    ("Guitare folk", "item", "music-instruments"),
    ("Tondeuse à gazon électrique", "item", "mowers-and-trimmers"),
    ("Cours de portugais débutant", "skill", "languages"),
    ("Soutien en maths niveau seconde", "skill", "school-help"),
    ("Guitar lessons", "skill", "music-lessons"),
    ("Initiation à l'aquarelle", "skill", "arts-and-games"),
    ("J'ai mal au dos", "skill", "wellbeing"),
    ("My laptop has a virus", "skill", "computers-and-phones"),
    ("Mon vélo a un pneu crevé", "skill", "bike-repair"),
    ("Fermeture éclair à changer", "skill", "sewing-repair"),
    ("Mon grille-pain ne marche plus", "skill", "small-repairs"),
    ("broken washing machine", "skill", "small-repairs"),
    ("Comment tailler mes rosiers ?", "skill", "gardening-advice"),
    ("Apprendre à faire du pain au levain", "skill", "cooking"),
    ("Remplir ma déclaration d'impôts", "skill", "paperwork"),
    ("proofread my thesis", "skill", "writing"),
    ("Aller chercher des médicaments à la pharmacie", "time", "errands"),
    ("Voisin pour boire un café", "time", "company"),
    ("Garder mon chat pendant les vacances", "time", "pet-care"),
    ("water my plants in August", "time", "home-watch"),
    ("Garder mes enfants samedi soir", "time", "child-care"),
    ("pick up my kids from school", "time", "child-care"),
    ("Aide pour déménager dimanche", "time", "moving-help"),
    ("Help to carry a fridge upstairs", "time", "moving-help"),
    ("Quelqu'un pour fixer une étagère", "time", "diy-hand"),
    ("can someone hang my curtains", "time", "diy-hand"),
    ("Coup de main au jardin", "time", "garden-hand"),
    ("Quelqu'un pour m'emmener à l'aéroport", "time", "lifts"),
    ("go with me to the doctor", "time", "appointments"),
    ("Écrire une lettre à ma sœur", "time", "letters"),
    ("Installer ma nouvelle box internet", "time", "tech-hand"),
    ("Tenir la buvette de la fête de quartier", "time", "event-hand"),
    ("Pratiquer mon anglais", "time", "conversation"),
]


@pytest.mark.parametrize(("title", "kind", "category"), TITLES)
def test_a_title_tells_kind_and_category(title, kind, category):
    guessed = guess(title)
    assert (guessed.kind, guessed.category) == (kind, category)
    assert guessed.confidence >= SURE_ENOUGH


@pytest.mark.parametrize(
    "title", ["Bonjour", "Besoin d'un truc", "asdf qwer", "Machin bidule", "???", "24", "Urgent !"]
)
def test_what_tells_nothing_is_asked(title):
    guessed = guess(title)
    assert (guessed.kind, guessed.category) == (None, None)
    assert guessed.confidence < SURE_ENOUGH


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Qui peut m'aider ?", "time"),
        ("Can someone help?", "time"),
        ("Apprendre à conduire", "skill"),
        ("Cours", "skill"),
        ("Qui pourrait me prêter ça ?", "item"),
        ("Lampe de bureau", "item"),
    ],
)
def test_where_only_the_kind_is_told_the_category_is_asked(title, kind):
    guessed = guess(title)
    assert (guessed.kind, guessed.category) == (kind, None)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Piano", "item"),
        ("Cours de piano", "skill"),
        ("Porter un piano", "time"),
        ("Perceuse", "item"),
        ("Apprendre à se servir d'une perceuse", "skill"),
        ("Vélo", "item"),
        ("Réparer un vélo", "skill"),
        ("Prêter un vélo pour apprendre", "item"),
        ("Jardin", "item"),
        ("Aide au jardin", "time"),
    ],
)
def test_the_phrasing_tells_the_kinds_apart(title, kind):
    assert guess(title).kind == kind


def test_the_parent_stands_where_its_children_are_equally_likely():
    assert guess("marteau perceuse niveau").category == "tools"


@given(st.text(max_size=80))
def test_any_text_may_be_guessed_at(title):
    guessed = guess(title)
    assert 0 <= guessed.confidence <= 1
    assert guessed.category is None or CATEGORIES[guessed.category].kind == guessed.kind


@pytest.fixture(scope="module")
def library(shared_data: Path) -> Sequence[dict[str, str]]:
    """The 101 things of a real tool library."""
    return read(shared_data)


BY_HAND = {
    "LAC-001": "power-drills",
    "LAC-002": "power-drills",
    "LAC-003": "sanders",
    "LAC-005": "cleaning-machines",
    "LAC-007": "hand-tools",
    "LAC-012": "hand-tools",
    "LAC-015": "hand-tools",
    "LAC-019": "fixing",
    "LAC-024": "electrics",
    "LAC-029": "electrics",
    "LAC-030": "measuring",
    "LAC-034": "measuring",
    "LAC-040": "measuring",
    "LAC-046": "fixing",
    "LAC-048": "measuring",
    "LAC-050": "fixing",
    "LAC-051": "audio-video",
    "LAC-056": "electrics",
    "LAC-064": "garden-tools",
    "LAC-065": "garden-tools",
    "LAC-068": "garden-tools",
    "LAC-070": "bikes",
    "LAC-072": "bikes",
    "LAC-073": "sewing-and-textiles",
    "LAC-077": "crafts",
    "LAC-081": "sewing-and-textiles",
    "LAC-082": "sewing-and-textiles",
    "LAC-087": "baking",
    "LAC-093": "baking",
    "LAC-094": "baking",
    "LAC-095": "fixing",
    "LAC-096": "crafts",
    "LAC-099": "crafts",
    "LAC-100": "car-gear",
    "LAC-101": "car-gear",
}


def test_the_things_of_a_tool_library_are_known(library):
    guessed = {row["reference"]: guess(row["name"]).category for row in library}
    assert {reference: guessed[reference] for reference in BY_HAND} == BY_HAND
    assert sum(category is not None for category in guessed.values()) >= 0.95 * len(library)


def test_none_of_them_is_taken_for_something_silly(library):
    strange = [
        (row["name"], category)
        for row in library
        if (category := guess(row["name"]).category) is not None and category not in SENSIBLE[row["category"]]
    ]
    assert strange == []


def test_the_kinds_of_real_offers_and_needs_are_mostly_right_and_hardly_ever_wrong(shared_data: Path):
    examples = json.loads((shared_data / "matching_examples.json").read_text(encoding="utf-8"))
    told = [(entry["title"], entry["kind"]) for entry in examples["offers"]]
    told += [(entry["text"], entry["kind"]) for entry in examples["needs"]]
    guessed = [(guess(text).kind, kind) for text, kind in told]
    assert sum(said == kind for said, kind in guessed) >= 0.85 * len(told)
    assert sum(said not in (kind, None) for said, kind in guessed) <= 0.05 * len(told)
