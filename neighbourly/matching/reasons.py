"""Why something matches, one short sentence a factor, in French and English."""

from __future__ import annotations

from collections.abc import Sequence

from neighbourly.core.errors import Words
from neighbourly.core.language import NBSP, length
from neighbourly.listings import categories
from neighbourly.matching.rule import FRESH, SAME_CATEGORY


def of_meaning(value: float, understood: bool, idea: str, by: str) -> Words:
    """Say how much of one idea the two are."""
    if by == "interest":
        return {"fr": "un intérêt, sans texte à comparer", "en": "an interest, with no text to compare"}
    if not understood:
        return {"fr": "sens pas encore lu", "en": "meaning not read yet"}
    if value < 1 / 3:
        return {"fr": "peu d'idées en commun", "en": "few ideas in common"}
    same = value >= 2 / 3
    return {
        "fr": f"{'même idée' if same else 'idée proche'}{NBSP}: {idea}",
        "en": f"{'the same idea' if same else 'a like idea'}: {idea}",
    }


def of_category(kinship: float, found: str | None, by: str) -> Words:
    """Say whether the categories are the same."""
    category = categories.get(found) if found else None
    if category is None:
        return {"fr": "catégorie non précisée", "en": "category not given"}
    if by == "interest":
        begins = {"fr": "parmi vos intérêts", "en": "among your interests"}
    elif kinship == SAME_CATEGORY:
        begins = {"fr": "même catégorie", "en": "same category"}
    elif kinship:
        begins = {"fr": "même famille", "en": "same family"}
    else:
        begins = {"fr": "autre catégorie", "en": "another category"}
    return {
        "fr": f"{begins['fr']}{NBSP}: {category.name['fr']}",
        "en": f"{begins['en']}: {category.name['en']}",
    }


def of_words(shared: Sequence[str]) -> Words:
    """Name the words in common."""
    if not shared:
        return {"fr": "pas de mot en commun", "en": "no word in common"}
    listed, one = ", ".join(shared), len(shared) == 1
    return {
        "fr": f"{'mot commun' if one else 'mots communs'}{NBSP}: {listed}",
        "en": f"{'word' if one else 'words'} in common: {listed}",
    }


def of_distance(distance_m: int) -> Words:
    """Say a distance to the nearest hundred metres."""
    if distance_m < 50:
        return {"fr": "tout près", "en": "very close"}
    return {"fr": f"à environ {length(distance_m, 'fr')}", "en": f"about {length(distance_m, 'en')} away"}


def of_availability(free: float) -> Words:
    """Say whether it is free when it is needed."""
    if free >= 1:
        return {"fr": "libre au moment voulu", "en": "free when it is needed"}
    if free > 0:
        return {"fr": "le moment reste à convenir", "en": "the time is still to be agreed"}
    return {"fr": "pris à ce moment-là", "en": "taken at that time"}


def of_age(age_days: int | None) -> Words:
    """Say how fresh an offer is."""
    if age_days is None:
        return {"fr": "un intérêt n'a pas d'âge", "en": "an interest has no age"}
    if age_days <= FRESH.days:
        return {"fr": "annonce de ce mois-ci", "en": "touched within a month"}
    months = age_days // 30
    return {
        "fr": f"annonce d'il y a {months}{NBSP}mois",
        "en": f"touched {months} month{'s' if months > 1 else ''} ago",
    }


def of_turn(turn: float, by: str) -> Words:
    """Say whether it is somebody's turn; never how often, nor what they gave or received."""
    if by == "request":
        return {"fr": "le tour de chacun ne compte pas pour une demande", "en": "turns do not count for a request"}
    if turn >= 1:
        return {"fr": "c'est son tour", "en": "it is their turn"}
    if turn > 0:
        return {"fr": "ce sera bientôt son tour", "en": "their turn will come soon"}
    return {"fr": "c'est d'abord le tour d'autres", "en": "others have their turn first"}
