"""What one person may ask of the others, in words: its numbers in French and English, and the whole in a paragraph."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.core.errors import Words
from neighbourly.matching import rule

QUOTA: Words = {
    "fr": (
        "Chacun peut demander\u00a0: une première demande part toujours tout de suite. Sur sept jours, douze "
        "sollicitations au moins partent pour une même personne, un tiers de ceux qui habitent dans le rayon s'il "
        "y en a plus, trente-six au plus, et trois de plus par voisin avec qui un échange a eu lieu dans l'année, "
        "puis deux par jour. Qui n'a qu'une demande dispose de soixante-quinze, et les trois premières demandes d'une "
        "semaine commencent toujours par trois au moins. Quatre demandes d'une même personne avancent à la fois, "
        "la suivante attend. Qui n'a encore rien échangé demande de près d'abord, à deux kilomètres ou dans le "
        "cercle de cinquante voisins, deux fois plus loin après chaque voisin rencontré. Quand plusieurs demandes "
        "veulent la même personne, celles de qui demande peu ont leur tour. Un oui compte pour arrêter la "
        "recherche s'il vient de qui a été sollicité, ou qui propose dans le rayon ce qui convient\u00a0; tout "
        "autre oui est une réponse comme une autre."
    ),
    "en": (
        "Everyone may ask: a first need is always asked at once. Within seven days at least twelve asks go out "
        "for one person, one for every three who live within the radius if that is more, at most thirty-six, and "
        "three more for each neighbour with whom an exchange took place within a year; beyond that two a day. Who "
        "asks for one thing alone has seventy-five, and the first three needs of a week always begin with at least "
        "three. Four needs of one person go on at once, the next waits. Who has not exchanged anything yet asks "
        "near by first, within two kilometres or the circle that holds fifty neighbours, twice as far after each "
        "neighbour met. Where several needs want the same person, those of who asks little have their turn. A yes "
        "counts towards ending the asking if it is of somebody who was asked, or who offers what fits within the "
        "radius; any other yes is an answer like these."
    ),
}
QUOTA_NUMBERS: Mapping[str, tuple[float, Words]] = {
    "asks_per_week": (
        rule.ASKS_PER_WEEK,
        {
            "fr": "Autant de sollicitations au moins partent pour une personne en sept jours.",
            "en": "At least so many asks go out for one person within seven days.",
        },
    ),
    "most_asks_per_week": (
        rule.MOST_ASKS_PER_WEEK,
        {
            "fr": "Autant au plus, tant que rien n'a été échangé.",
            "en": "At most so many, as long as nothing was exchanged.",
        },
    ),
    "around_share": (
        rule.AROUND_SHARE,
        {
            "fr": "Entre les deux\u00a0: une pour autant de personnes qui habitent dans le rayon de la demande.",
            "en": "Between the two: one for every so many people who live within the radius of the need.",
        },
    ),
    "asks_per_partner": (
        rule.ASKS_PER_PARTNER,
        {
            "fr": "Autant de plus pour chaque voisin avec qui un échange a eu lieu dans l'année.",
            "en": "So many more for each neighbour with whom an exchange took place within a year.",
        },
    ),
    "most_partners": (
        rule.MOST_PARTNERS,
        {
            "fr": "Autant de ces voisins comptent.",
            "en": "So many of these neighbours count.",
        },
    ),
    "single_need_asks": (
        rule.SINGLE_NEED_ASKS,
        {
            "fr": "Autant au moins pour qui n'a qu'une demande en sept jours.",
            "en": "At least so many for who asks for one thing alone within seven days.",
        },
    ),
    "first_asks": (
        rule.FIRST_ASKS,
        {
            "fr": "Les premières demandes d'une semaine commencent par autant de sollicitations au moins.",
            "en": "The first needs of a week begin with at least so many asks.",
        },
    ),
    "first_needs": (
        rule.FIRST_NEEDS,
        {
            "fr": "Cela vaut pour autant de demandes.",
            "en": "That holds for so many needs.",
        },
    ),
    "asks_a_day": (
        rule.ASKS_A_DAY,
        {
            "fr": "Quand celles de la semaine sont parties, autant de plus partent par jour.",
            "en": "Once those of the week went out so many more go out a day.",
        },
    ),
    "needs_at_once": (
        rule.NEEDS_AT_ONCE,
        {
            "fr": "Autant de demandes d'une même personne avancent à la fois.",
            "en": "So many needs of one person are asked around at the same time.",
        },
    ),
    "heavy_asks": (
        rule.HEAVY_ASKS,
        {
            "fr": "Qui a fait partir autant de sollicitations en sept jours demande beaucoup.",
            "en": "For whom so many asks went out within seven days asks much.",
        },
    ),
    "heavy_needs": (
        rule.HEAVY_NEEDS,
        {
            "fr": "De même qui a autant de demandes, si elles ont pris assez de sollicitations.",
            "en": "So does who has so many needs, if they took enough asks.",
        },
    ),
    "heavy_needs_asks": (
        rule.HEAVY_NEEDS_ASKS,
        {
            "fr": "Autant, c'est assez pour cela.",
            "en": "So many are enough for that.",
        },
    ),
    "near_m": (
        rule.NEAR_M,
        {
            "fr": "Qui n'a rien échangé demande à autant de mètres, ou dans le cercle de cinquante voisins.",
            "en": "Who has not exchanged anything asks within so many metres, or the circle of fifty neighbours.",
        },
    ),
    "radius_growth": (
        rule.RADIUS_GROWTH,
        {
            "fr": "Autant de fois plus loin après chaque voisin avec qui un échange a eu lieu.",
            "en": "So many times as far after each neighbour with whom an exchange took place.",
        },
    ),
    "open_yeses": (
        rule.OPEN_YESES,
        {
            "fr": "Autant de oui donnés en sept jours peuvent attendre à la fois une suite.",
            "en": "So many yeses given within seven days may wait for what follows at the same time.",
        },
    ),
    "title_likeness": (
        rule.TITLE_LIKENESS,
        {
            "fr": "Le texte d'une offre répond à une recherche si son titre lui ressemble au moins autant.",
            "en": "What an offer's text says meets a saved search if its title is at least as like to it.",
        },
    ),
    "matches_per_owner": (
        rule.MATCHES_PER_OWNER,
        {
            "fr": "On apprend autant d'offres d'une même personne en sept jours.",
            "en": "One is told of so many offers of the same person within seven days.",
        },
    ),
}
