"""The rule in one place: every weight, gate and number that decides who is asked; `wording` says each in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Literal

VERSION = "3"

FactorName = Literal["meaning", "category", "words", "distance", "availability", "freshness", "solidarity"]
Weights = Mapping[FactorName, float]

_WEIGHTS_OF: Mapping[str, Weights] = {
    "1": {"distance": 0.3, "category": 0.4, "words": 0.3},
    "2": {
        "meaning": 0.3,
        "category": 0.15,
        "words": 0.1,
        "distance": 0.15,
        "availability": 0.08,
        "freshness": 0.02,
        "solidarity": 0.2,
    },
}
WEIGHTS_OF: Mapping[str, Weights] = {**_WEIGHTS_OF, "3": _WEIGHTS_OF["2"]}
"""By version, so that an old match can still be explained. Each version's weights add up to 1."""
WEIGHTS = WEIGHTS_OF[VERSION]

SAME_CATEGORY, SAME_FAMILY = 1.0, 0.5
HALVED_EVERY_M = 1000
"""Of nearness half is lost with every so many metres."""
FULL_LIKENESS = 0.7
"""Texts as like as this mean the same; of what is less like the share counts. Like is measured from -1 to 1."""
LEAST_LIKENESS = 0.15
"""What is less like than this, with no word and no category in common, is no match."""
ASKING_LIKENESS, APART_LIKENESS = 0.4, 0.55
"""Who has nothing but the meaning in common is asked only from this likeness on: more where the categories differ."""
LIKELY_LIKENESS = 0.5
"""From this likeness on, or with the category or half of the words in common, someone is likely to have it."""
HALF = 0.5
"""So large a share of the need's words ties an offer to it, whatever the meaning."""
FRESH, STALE = timedelta(days=30), timedelta(days=365)
"""An offer is fresh for a month; after a year nothing is left of that."""
UNKNOWN = 0.5
"""What counts where something cannot be known, as how fresh an interest is."""

ASKED_SELDOM = 2
"""Up to so many asks in thirty days are few."""
HELPED_OFTEN = 2
"""Who received so many helps more than they gave, within a year, mostly receives."""
UNKEPT = 2
"""Whom so many different people missed within thirty days, each by their own word, is asked last for that time."""

SCORE_STEP = 0.05
"""Scores that round to the same multiple of this are equally good."""

FIRST_WAVE, LEAST_WAVE, MOST_WAVE = 5, 3, 10
"""The first wave, where nothing is known of how neighbours answer; and between what it lies where it is."""
GROWTH = 2
PAUSE, LEAST_PAUSE, MOST_PAUSE = timedelta(minutes=10), timedelta(minutes=5), timedelta(minutes=30)
URGENT = timedelta(hours=3)
"""What is needed that soon is asked of twice as many, with half the pause."""
ENOUGH_LIKELY = 3
"""So many likely people make a wave of their own."""
ENOUGH_ASKED = 20
"""From so many asks on, thirty days of them say how neighbours answer."""
LEAST_YESES = 3
SPARE_YESES = 2

ASKS_PER_WEEK, MOST_ASKS_PER_WEEK = 12, 36
"""Asks that may go out for one person within seven days: at least so many, at most so many without partners."""
AROUND_SHARE = 3
"""Between these two: one for every so many people who live within the radius of the need."""
ASKS_PER_PARTNER, MOST_PARTNERS = 3, 12
"""So many asks more for each different person with whom an exchange took place within a year, up to so many people."""
SINGLE_NEED_ASKS = 75
"""Asks that may go out within seven days for who asks for one thing alone: four whole waves."""
FIRST_ASKS, FIRST_NEEDS = 3, 3
"""The first so many needs of a week each begin with at least so many asks, whatever was used."""
ASKS_A_DAY = 2
"""Once a week's asks are used so many more go out a day, so that nobody waits for a week."""
NEEDS_AT_ONCE = 4
"""So many needs of one person are asked around at the same time."""
HEAVY_ASKS, HEAVY_NEEDS, HEAVY_NEEDS_ASKS = 12, 3, 6
"""Who asks much: so many asks within seven days, or so many needs asked around that took so many."""
NEAR_M = 2_000
"""Who has not dealt with anybody is asked for within so many metres, or the circle that holds fifty neighbours."""
RADIUS_GROWTH = 2
"""So many times as far for each different person with whom an exchange took place within a year."""
OPEN_YESES = 10
"""Yeses of one person within seven days to needs that still wait; the next waits until one is settled."""

DAY, WEEK, MONTH, YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=365)

OFFERS_WEIGHED, PEOPLE_WEIGHED = 400, 300
"""So many listings or interests of each way of finding them, the nearest first, and so many people are weighed."""
LOOK_FARTHER = 8
"""Where none of these may be asked, so many times as many are looked at before the need is left waiting."""

TITLE_LIKENESS = 0.4
"""What an offer's text says meets a saved search where its title is as like as this to what is looked for."""
MATCHES_PER_OWNER = 2
"""Offers of one owner of which somebody who looks for such a thing is told within seven days."""


class Gate(StrEnum):
    """What keeps someone from being asked, however well they match."""

    OWN_NEED = "own_need"
    NOT_ACTIVE = "not_active"
    BLOCKED = "blocked"
    TOO_FAR = "too_far"
    OUT_OF_REACH = "out_of_reach"
    AWAY = "away"
    UNLIKELY = "unlikely"
    ASKED_TODAY = "asked_today"
    ASKED_ENOUGH = "asked_enough"
    ALREADY_ASKED = "already_asked"
    ANSWERED = "answered"
    SAID_NO = "said_no"
    OUT_OF_HOURS = "out_of_hours"
