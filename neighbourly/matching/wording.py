"""The rule in words, in French and English: what each factor and gate means, how waves go, what changed when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from neighbourly.core.errors import Words
from neighbourly.matching import rule
from neighbourly.matching.quota_wording import QUOTA_NUMBERS
from neighbourly.matching.rule import FactorName, Gate


@dataclass(frozen=True)
class Change:
    """One version of the rule, and what became different with it."""

    version: str
    on: date
    words: Words


FACTORS: Mapping[FactorName, Words] = {
    "meaning": {
        "fr": (
            "Le sens du titre et du texte, comparés par une machine qui lit le français et l'anglais\u00a0: "
            "1 pour une même idée, 0 pour deux idées sans rapport."
        ),
        "en": (
            "The meaning of title and text, compared by a machine that reads French and English: "
            "1 for the same idea, 0 for two that have nothing to do with each other."
        ),
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
    "distance": {
        "fr": "La distance entre les deux cases\u00a0: 1 pour la même case, la moitié de moins à chaque kilomètre.",
        "en": "The distance between the two cells: 1 for the same cell, half of it lost with every kilometre.",
    },
    "availability": {
        "fr": "1 si l'offre est libre tout le temps voulu, 0,5 si elle l'est en partie ou si on l'ignore, 0 sinon.",
        "en": "1 if the offer is free all the time it is needed, 0.5 if for a part of it or if unknown, 0 otherwise.",
    },
    "freshness": {
        "fr": "1 pour une offre touchée il y a moins d'un mois, puis de moins en moins, 0 au bout d'un an.",
        "en": "1 for an offer touched less than a month ago, then less and less, 0 after a year.",
    },
    "solidarity": {
        "fr": (
            "Le tour de chacun\u00a0: 1 pour qui n'a pas été sollicité depuis trente jours, 0,5 pour qui l'a été une "
            "ou deux fois, 0 au-delà. Qui propose et ne l'a jamais été compte 1, et qui reçoit le plus souvent "
            "monte d'une marche, pour pouvoir donner à son tour."
        ),
        "en": (
            "Everyone's turn: 1 for who was not asked within thirty days, 0.5 for who was once or twice, 0 beyond. "
            "Who offers and was never asked counts 1, and who mostly receives goes up one step, to have a chance "
            "to give."
        ),
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
    Gate.UNLIKELY: {
        "fr": "Ni la catégorie, ni la moitié des mots, ni assez du sens ne relient l'offre à la demande.",
        "en": "Neither the category nor half of the words nor enough of the meaning ties the offer to the need.",
    },
    Gate.ASKED_TODAY: {
        "fr": (
            "La personne a déjà été sollicitée ces dernières vingt-quatre heures\u00a0; si c'était pour quelqu'un qui "
            "demande beaucoup, elle peut l'être une fois encore pour quelqu'un qui demande peu."
        ),
        "en": (
            "The person was asked within the last twenty-four hours; if that was for somebody who asks much, they may "
            "be asked once more for somebody who asks little."
        ),
    },
    Gate.ASKED_ENOUGH: {
        "fr": (
            "La personne a déjà été sollicitée ces sept derniers jours autant de fois qu'elle l'accepte\u00a0; la "
            "dernière de ces fois est pour qui demande peu."
        ),
        "en": (
            "The person was asked as often as they accept in the last seven days; the last of these times is for who "
            "asks little."
        ),
    },
    Gate.ALREADY_ASKED: {
        "fr": "Personne n'est sollicité deux fois pour la même demande.",
        "en": "Nobody is asked twice for the same need.",
    },
    Gate.ANSWERED: {
        "fr": "La personne a déjà répondu à cette demande.",
        "en": "The person has already answered this need.",
    },
    Gate.SAID_NO: {
        "fr": "La personne a dit non à une demande de cette catégorie il y a moins de trente jours.",
        "en": "The person said no to a need of this category less than thirty days ago.",
    },
    Gate.OUT_OF_HOURS: {
        "fr": "La personne est dans ses heures calmes jusqu'après la fin du besoin.",
        "en": "The person is in quiet hours until after the need has passed.",
    },
}
NUMBERS: Mapping[str, tuple[float, Words]] = {
    "full_likeness": (
        rule.FULL_LIKENESS,
        {
            "fr": "La ressemblance (de -1 à 1) à partir de laquelle deux textes disent la même chose.",
            "en": "The likeness (from -1 to 1) from which two texts say the same.",
        },
    ),
    "least_likeness": (
        rule.LEAST_LIKENESS,
        {
            "fr": "En dessous, sans mot ni catégorie en commun, il n'y a pas de correspondance.",
            "en": "Below it, with no word and no category in common, there is no match.",
        },
    ),
    "asking_likeness": (
        rule.ASKING_LIKENESS,
        {
            "fr": "En dessous, sans catégorie ni la moitié des mots en commun, personne n'est sollicité.",
            "en": "Below it, with neither the category nor half of the words in common, nobody is asked.",
        },
    ),
    "apart_likeness": (
        rule.APART_LIKENESS,
        {
            "fr": "Ce qu'il faut pour cela là où les deux catégories sont connues et sans lien.",
            "en": "What that takes where both categories are known and unrelated.",
        },
    ),
    "likely_likeness": (
        rule.LIKELY_LIKENESS,
        {
            "fr": "À partir de là, ou par la catégorie ou la moitié des mots, une offre répond sans doute au besoin.",
            "en": "From it on, or by the category or half of the words, an offer is likely to meet the need.",
        },
    ),
    "score_step": (
        rule.SCORE_STEP,
        {
            "fr": "Les scores égaux à ce pas près se valent.",
            "en": "Scores that are equal to this step are as good as each other.",
        },
    ),
    "offers_weighed": (
        rule.OFFERS_WEIGHED,
        {
            "fr": "Autant d'offres ou d'intérêts sont examinés par manière d'en trouver, les plus proches d'abord.",
            "en": "So many offers or interests are looked at of each way of finding them, the nearest first.",
        },
    ),
    "people_weighed": (
        rule.PEOPLE_WEIGHED,
        {
            "fr": "Autant de personnes sont examinées, celles qui conviennent le mieux d'abord.",
            "en": "So many people are looked at, those who fit best first.",
        },
    ),
    "look_farther": (
        rule.LOOK_FARTHER,
        {
            "fr": "Si aucune d'elles ne peut être sollicitée, on en examine autant de fois plus.",
            "en": "Where none of them may be asked, so many times as many are looked at.",
        },
    ),
    "asked_seldom": (
        rule.ASKED_SELDOM,
        {
            "fr": "Jusqu'à autant de sollicitations en trente jours, c'est peu.",
            "en": "Up to so many asks within thirty days are few.",
        },
    ),
    "helped_often": (
        rule.HELPED_OFTEN,
        {
            "fr": "Qui a reçu autant d'aides de plus qu'il n'en a donné, en un an, reçoit le plus souvent.",
            "en": "Who received so many helps more than they gave, within a year, mostly receives.",
        },
    ),
    "enough_asked": (
        rule.ENOUGH_ASKED,
        {
            "fr": "À partir d'autant de sollicitations en trente jours, on sait comment répondent les voisins.",
            "en": "From so many asks within thirty days on it is known how neighbours answer.",
        },
    ),
    "unkept": (
        rule.UNKEPT,
        {
            "fr": "Qui a été attendu en vain par autant de voisins, d'après leurs mots, est sollicité en dernier.",
            "en": "Whom so many different neighbours said they waited for in vain is asked last.",
        },
    ),
    **QUOTA_NUMBERS,
}
CANDIDATES: Words = {
    "fr": (
        "Peuvent être sollicités les voisins dont une offre publiée est de la même catégorie ou famille, a un mot du "
        "titre en commun ou un sens proche, et ceux qui s'intéressent à cette catégorie ou à sa famille. Chacun compte "
        "une fois, par ce qui convient le mieux\u00a0; les plus proches sont examinés d'abord."
    ),
    "en": (
        "Neighbours may be asked who have a published offer of the same category or family, with a word of the title "
        "in common or of a like meaning, and those interested in that category or in its parent. Each person counts "
        "once, by what fits best; the nearest are looked at first."
    ),
}
ORDER: Words = {
    "fr": (
        "Le meilleur score d'abord, à 0,05 près\u00a0; à score égal, ceux qui ont été le moins sollicités ces trente "
        "derniers jours, puis ceux dont la dernière sollicitation est la plus ancienne, puis le sort. Si la demande le "
        "veut, ceux avec qui un échange a déjà eu lieu passent avant tous. Si deux voisins différents ont dit en "
        "trente jours avoir attendu quelqu'un en vain, il est sollicité en dernier pendant ce temps, et est seul à le "
        "savoir\u00a0: ce n'est pas dans le score. Un échange resté sans un mot ne dit rien de personne."
    ),
    "en": (
        "The best score first, to 0.05; among equals those asked least in the last thirty days, then those whose last "
        "time is the longest ago, then by lot. If the need says so, people with whom there has been an exchange come "
        "before all others. For whom two different neighbours said within thirty days that they waited in vain is "
        "asked last for that time and alone is told so: it is no part of the score. What ended without a word says "
        "nothing of anybody."
    ),
}
ASKED_LAST: Words = {
    "fr": (
        "Deux voisins ont dit vous avoir attendu sans vous voir\u00a0: pendant trente jours, les autres sont "
        "sollicités avant vous. Vos échanges annulés disent lesquels\u00a0; un mot dans leur conversation suffit, même "
        "tard."
    ),
    "en": (
        "Two neighbours said that they waited and did not see you: for thirty days others are asked before you. Your "
        "cancelled exchanges say which; a word in their conversation is enough, even late."
    ),
}
WAVES: Words = {
    "fr": (
        "Cinq voisins d'abord, puis toutes les dix minutes deux fois plus (5, 10, 20…), jusqu'à trois oui "
        "(ou deux de plus que le nombre de personnes demandé) ou jusqu'à ce que tout le rayon ait été sollicité. "
        "Là où l'on sait comment répondent les voisins, la première vague en compte de 3 à 10, assez pour les oui "
        "attendus, et la pause est leur délai habituel, de 5 à 30 minutes. Un besoin dans les trois heures double la "
        "vague et réduit la pause de moitié. Trois personnes qui conviennent vraiment forment une vague à elles "
        "seules. Qui est dans ses heures calmes est sollicité plus tard. Dès que l'on s'est mis d'accord avec autant "
        "de personnes qu'il en faut, plus personne n'est sollicité, sauf si l'une d'elles se désiste."
    ),
    "en": (
        "Five neighbours first, then every ten minutes twice as many (5, 10, 20…), until three have said yes (or two "
        "more than the helpers needed) or everyone within the radius was asked. Where it is known how neighbours "
        "answer, the first wave has 3 to 10 of them, enough for the yeses that are wanted, and the pause is their "
        "usual time to answer, 5 to 30 minutes. A need within three hours doubles the wave and halves the pause. Three "
        "people who are really likely make a wave of their own. Who is in quiet hours is asked later. Once as many "
        "have agreed as are needed nobody more is asked, unless one falls through."
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
    Change(
        "2",
        date(2026, 11, 25),
        {
            "fr": (
                "Le sens compte, ainsi que la disponibilité, la fraîcheur et le tour de chacun. Le score décide de "
                "l'ordre, où c'était la distance. Une sollicitation par jour au plus, et un mois sans après un non."
            ),
            "en": (
                "Meaning counts, and so do availability, freshness and everyone's turn. The score decides the order, "
                "where distance did. One ask a day at most, and none for a month after a no."
            ),
        },
    ),
    Change(
        "3",
        date(2026, 12, 1),
        {
            "fr": (
                "Le droit d'être sollicité se partage aussi entre ceux qui demandent\u00a0: tant de sollicitations par "
                "semaine, quatre demandes à la fois, de près d'abord. Un oui qui ne convient pas n'arrête plus la "
                "recherche, et un silence n'est plus reproché à personne."
            ),
            "en": (
                "The right to be asked is shared among those who ask, too: so many asks a week, four needs at once, "
                "near by first. A yes that fits nothing no longer ends the asking, and silence is held against nobody."
            ),
        },
    ),
)
