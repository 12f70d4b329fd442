"""The rule in one place: every weight, gate and number that decides who is asked, with its words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from neighbourly.core.errors import Words

VERSION = "1"

FactorName = Literal["distance", "category", "words"]

WEIGHTS: Mapping[FactorName, float] = {"distance": 0.3, "category": 0.4, "words": 0.3}
"""They add up to 1, and so does the score of a perfect match."""

SAME_CATEGORY, SAME_FAMILY = 1.0, 0.5

BAND_M = 100
"""Neighbours whose distances round to the same multiple of this are equally near."""

FIRST_WAVE = 5
GROWTH = 2
PAUSE = timedelta(minutes=10)
LEAST_YESES = 3
SPARE_YESES = 2

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)


class Gate(StrEnum):
    """What keeps someone from being asked, however well they match."""

    OWN_NEED = "own_need"
    NOT_ACTIVE = "not_active"
    BLOCKED = "blocked"
    TOO_FAR = "too_far"
    OUT_OF_REACH = "out_of_reach"
    AWAY = "away"
    ASKED_ENOUGH = "asked_enough"
    ALREADY_ASKED = "already_asked"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Change:
    """One version of the rule, and what became different with it."""

    version: str
    on: date
    words: Words


FACTORS: Mapping[FactorName, Words] = {
    "distance": {
        "fr": "La distance entre les deux cases\u00a0: 1 pour la même case, 0 au bord du rayon de la demande.",
        "en": "The distance between the two cells: 1 for the same cell, 0 at the rim of the request's radius.",
    },
    "category": {
        "fr": (
            "La catégorie de l'offre ou de l'intérêt\u00a0: 1 pour celle de la demande, 0,5 dans sa famille, 0 sinon."
        ),
        "en": "The category of the offer or interest: 1 for the request's own, 0.5 for one of its family, 0 otherwise.",
    },
    "words": {
        "fr": "La part des mots du titre de la demande que l'offre contient, en français ou en anglais.",
        "en": "The share of the words of the request's title that the offer holds, in French or in English.",
    },
}
GATES: Mapping[Gate, Words] = {
    Gate.OWN_NEED: {"fr": "On ne se demande rien à soi-même.", "en": "Nobody is asked for their own need."},
    Gate.NOT_ACTIVE: {
        "fr": "Seuls les comptes actifs sont sollicités.",
        "en": "Only active accounts are asked.",
    },
    Gate.BLOCKED: {
        "fr": "Si l'une des deux personnes a bloqué l'autre, rien ne passe entre elles.",
        "en": "Where one of the two has blocked the other, nothing passes between them.",
    },
    Gate.TOO_FAR: {
        "fr": "La personne habite hors du rayon de la demande.",
        "en": "The person lives outside the request's radius.",
    },
    Gate.OUT_OF_REACH: {
        "fr": "La demande vient de plus loin que le rayon choisi par la personne.",
        "en": "The request comes from farther away than the radius that the person chose.",
    },
    Gate.AWAY: {"fr": "La personne s'est déclarée absente.", "en": "The person has said that they are away."},
    Gate.ASKED_ENOUGH: {
        "fr": "La personne a déjà été sollicitée ces sept derniers jours autant de fois qu'elle l'accepte.",
        "en": "The person was asked as often as they accept in the last seven days.",
    },
    Gate.ALREADY_ASKED: {
        "fr": "Personne n'est sollicité deux fois pour la même demande.",
        "en": "Nobody is asked twice for the same need.",
    },
    Gate.ANSWERED: {
        "fr": "La personne a déjà répondu à cette demande.",
        "en": "The person has already answered this need.",
    },
}
CANDIDATES: Words = {
    "fr": (
        "Sont sollicités les voisins dont une offre publiée est de la même catégorie, de la même famille, ou a un mot "
        "du titre en commun, et ceux qui s'intéressent à cette catégorie ou à sa famille. Chacun compte une fois."
    ),
    "en": (
        "Neighbours are asked who have a published offer of the same category, of the same family, or with a word of "
        "the title in common, and those interested in that category or in its parent. Each person counts once."
    ),
}
ORDER: Words = {
    "fr": (
        "Les plus proches d'abord, à cent mètres près\u00a0; à distance égale, ceux qui ont été le moins sollicités "
        "ces trente derniers jours, puis ceux dont la dernière sollicitation est la plus ancienne. "
        "Le score explique une correspondance\u00a0; il ne change pas cet ordre."
    ),
    "en": (
        "The nearest first, to a hundred metres; among equally near ones those asked least in the last thirty days, "
        "then those whose last time is the longest ago. The score explains a match; it does not change this order."
    ),
}
WAVES: Words = {
    "fr": (
        "Cinq voisins d'abord, puis toutes les dix minutes deux fois plus (5, 10, 20…), jusqu'à trois oui "
        "(ou deux de plus que le nombre de personnes demandé) ou jusqu'à ce que tout le rayon ait été sollicité. "
        "Qui est dans ses heures calmes est sollicité plus tard."
    ),
    "en": (
        "Five neighbours first, then every ten minutes twice as many (5, 10, 20…), until three have said yes (or two "
        "more than the helpers needed) or everyone within the radius was asked. Who is in quiet hours is asked later."
    ),
}
CHANGES: tuple[Change, ...] = (
    Change(
        "1",
        date(2026, 11, 22),
        {
            "fr": "Première version\u00a0: distance, catégorie et mots communs.",
            "en": "First version: distance, category and words in common.",
        },
    ),
)
