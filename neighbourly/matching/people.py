"""Whom a need could be put to: the gates that keep someone from being asked, and the order of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from neighbourly.core.cells import Cell, metres_between, metres_from
from neighbourly.core.language.encoding import Vectors
from neighbourly.matching.rule import (
    APART_LIKENESS,
    ASKED_SELDOM,
    ASKING_LIKENESS,
    DAY,
    HALF,
    HELPED_OFTEN,
    LEAST_LIKENESS,
    SCORE_STEP,
    UNKEPT,
    UNKNOWN,
    Gate,
)
from neighbourly.matching.scoring import Fit, kinship, score
from neighbourly.matching.waves import Reachable
from neighbourly.preferences.quiet import quiet_until

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Need:
    """A request (or, looking the other way, an offer) as matching sees it."""

    listing_id: UUID
    owner_id: UUID
    kind: str | None
    category: str | None
    words: tuple[str, ...]
    """The words of the title that say anything, as they are written there."""
    cell: Cell
    radius_m: int
    idea: str = ""
    """What the title is about, in its own words."""
    vector: Vectors | None = None
    """What it means: one row of an encoder's; None until it is understood."""
    encoder: str | None = None
    needed_from: datetime | None = None
    needed_until: datetime | None = None
    known_first: bool = False
    """Whether people with whom its owner has exchanged are asked before all others."""
    asks_much: bool = False
    """Whether much was asked for its owner within a week, so that those who ask little have their turn first."""


@dataclass(frozen=True)
class Lead:
    """A reason to ask someone: an offer of theirs, or an interest (then without `offer_id` and `words`)."""

    user_id: UUID
    by: Literal["offer", "interest"]
    offer_id: UUID | None
    category: str | None
    cell: Cell
    words: tuple[str, ...] = ()
    like: float | None = None
    free: float = UNKNOWN
    age_days: int | None = None


@dataclass(frozen=True)
class Person:
    """What decides whether and when someone may be asked for one particular need."""

    user_id: UUID
    cell: Cell
    active: bool
    blocked: bool
    """One of the two has blocked the other."""
    asked: bool
    answered: bool
    said_no: bool
    """To a need of this category, within thirty days."""
    known: bool
    """The two have exchanged before."""
    gave: int
    received: int
    """Exchanges within a year, as giver and as receiver."""
    unkept: int
    """How many different people said within thirty days that this person did not come."""
    reach_m: int
    away_until: datetime | None
    asks_per_week: int
    asked_this_week: int
    asked_this_month: int
    last_asked_at: datetime | None
    quiet_from: time | None
    quiet_to: time | None
    time_zone: str
    yields_to_light_asker: bool = False
    """Their one ask of the last day went to somebody who asks much, and the need is of somebody who asks little."""

    def quiet_until(self, now: datetime) -> datetime | None:
        """When the quiet hours end in which this person is; None: they are in none."""
        return quiet_until(now, self.quiet_from, self.quiet_to, self.time_zone)


@dataclass(frozen=True)
class Candidate:
    """Someone with the best reason to ask them."""

    person: Person
    offer_id: UUID | None
    fit: Fit


def fitting(need: Need) -> Callable[[Lead, float], Fit]:
    """Give what makes the inputs of the score of a lead, and of whose turn it is."""
    away = metres_from(need.cell)

    def fit_of(lead: Lead, turn: float = UNKNOWN) -> Fit:
        return Fit(
            distance_m=away(lead.cell),
            radius_m=need.radius_m,
            wanted=need.category,
            found=lead.category,
            by=lead.by,
            words=lead.words,
            of=len(need.words),
            like=lead.like,
            idea=need.idea,
            free=lead.free,
            age_days=lead.age_days,
            turn=turn,
        )

    return fit_of


def turn_of(person: Person) -> float:
    """Say whose turn it is: seldom asked first, and who mostly receives gets a chance to give."""
    asked = person.asked_this_month
    turn = 1.0 if asked == 0 else 0.5 if asked <= ASKED_SELDOM else 0.0
    return min(1.0, turn + 0.5) if person.received - person.gave >= HELPED_OFTEN else turn


def best_leads(need: Need, leads: Iterable[Lead], most: int) -> list[Lead]:
    """Give the leads of the people who fit best, at most so many people, whosever turn it is."""
    fit_of = fitting(need)
    by_person: dict[UUID, list[tuple[tuple[bool, float], Lead]]] = {}
    for lead in leads:
        fit = fit_of(lead, UNKNOWN)
        by_person.setdefault(lead.user_id, []).append(((not is_unlikely(fit), score(fit)), lead))
    best = sorted(by_person.values(), key=lambda each: max(value for value, _ in each), reverse=True)[:most]
    return [lead for each in best for _, lead in each]


def candidates(need: Need, leads: Iterable[Lead], people: Iterable[Person]) -> list[Candidate]:
    """Give each person once, by the lead that fits best (among equals an offer, then the older one)."""
    by_id = {person.user_id: person for person in people}
    fit_of = fitting(need)
    best: dict[UUID, tuple[tuple[bool, float, bool, int], Candidate]] = {}
    for lead in leads:
        person = by_id.get(lead.user_id)
        if person is None:
            continue
        fit = fit_of(lead, turn_of(person))
        older = -lead.offer_id.int if lead.offer_id else 0
        rank = (not is_unlikely(fit), score(fit), lead.by == "offer", older)
        if person.user_id not in best or rank > best[person.user_id][0]:
            best[person.user_id] = rank, Candidate(person, lead.offer_id, fit)
    return [candidate for _, candidate in best.values()]


def gate(need: Need, candidate: Candidate, now: datetime) -> Gate | None:
    """Give the first reason for which someone is not asked, or None where there is none."""
    person, fit = candidate.person, candidate.fit
    awake_at = person.quiet_until(now)
    closed = {
        Gate.OWN_NEED: person.user_id == need.owner_id,
        Gate.NOT_ACTIVE: not person.active,
        Gate.BLOCKED: person.blocked,
        Gate.TOO_FAR: fit.distance_m > need.radius_m,
        Gate.OUT_OF_REACH: metres_between(person.cell, need.cell) > person.reach_m,
        Gate.UNLIKELY: is_unlikely(fit),
        Gate.AWAY: person.away_until is not None and person.away_until > now,
        Gate.ASKED_TODAY: _was_asked_today(person, now),
        Gate.ASKED_ENOUGH: person.asked_this_week + need.asks_much >= person.asks_per_week,
        Gate.ALREADY_ASKED: person.asked,
        Gate.ANSWERED: person.answered,
        Gate.SAID_NO: person.said_no,
        Gate.OUT_OF_HOURS: awake_at is not None and need.needed_until is not None and awake_at >= need.needed_until,
    }
    return next((reason for reason, holds in closed.items() if holds), None)


def _was_asked_today(person: Person, now: datetime) -> bool:
    is_within_day = person.last_asked_at is not None and person.last_asked_at > now - DAY
    return is_within_day and not person.yields_to_light_asker


def is_match(fit: Fit) -> bool:
    """Say whether the two have a category, a word, or at least something of the meaning in common."""
    return _is_tied(fit) or (fit.like or 0.0) >= LEAST_LIKENESS


def is_unlikely(fit: Fit) -> bool:
    """Say whether nothing but too little of the meaning ties the two for anyone to be asked."""
    least = APART_LIKENESS if fit.wanted and fit.found else ASKING_LIKENESS
    return not _is_tied(fit) and (fit.like or 0.0) < least


def _is_tied(fit: Fit) -> bool:
    """A word among many ties nothing where the meaning is known to be another."""
    by_words = bool(fit.words) and (fit.like is None or fit.share_of_words >= HALF)
    return by_words or kinship(fit.wanted, fit.found) > 0


FOR_GOOD = frozenset({Gate.OWN_NEED, Gate.NOT_ACTIVE, Gate.BLOCKED, Gate.TOO_FAR, Gate.OUT_OF_REACH, Gate.UNLIKELY})
"""The gates that time alone does not open."""


def out_of_the_question(need: Need, candidate: Candidate, now: datetime) -> bool:
    """Say whether waiting would not help either."""
    return candidate.person.asks_per_week == 0 or gate(need, candidate, now) in FOR_GOOD


def in_order(need: Need, found: Iterable[Candidate]) -> list[Candidate]:
    """Give them in the order in which to ask them: the best first; among equals those asked least lately, then by lot.

    The lot is drawn by a hash of need and person: nobody is first because of an older account.
    """

    def place(candidate: Candidate) -> tuple[bool, bool, int, int, datetime, bytes]:
        person = candidate.person
        lot = blake2b(need.listing_id.bytes + person.user_id.bytes, digest_size=8).digest()
        return (
            need.known_first and not person.known,
            person.unkept >= UNKEPT,
            -round(score(candidate.fit) / SCORE_STEP),
            person.asked_this_month,
            person.last_asked_at or _NEVER,
            lot,
        )

    return sorted(found, key=place)


def askable(need: Need, found: Iterable[Candidate], now: datetime) -> list[Candidate]:
    """Give those whom no gate keeps from being asked, in the order in which to ask them."""
    return in_order(need, [each for each in found if gate(need, each, now) is None])


def reachable(need: Need, ordered: Sequence[Candidate], now: datetime) -> list[Reachable]:
    """Give them as the planner sees them."""
    return [
        Reachable(
            each.person.user_id,
            each.person.quiet_until(now),
            likely=each.fit.is_likely,
            first=need.known_first and each.person.known,
        )
        for each in ordered
    ]
