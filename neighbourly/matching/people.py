"""Whom a need could be put to: the gates that keep someone from being asked, and the order of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from neighbourly.core.cells import Cell, metres_between
from neighbourly.matching.rule import BAND_M, Gate
from neighbourly.matching.scoring import Fit, score
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


@dataclass(frozen=True)
class Lead:
    """A reason to ask someone: an offer of theirs, or an interest (then without `offer_id` and `words`)."""

    user_id: UUID
    by: Literal["offer", "interest"]
    offer_id: UUID | None
    category: str | None
    words: tuple[str, ...] = ()


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
    reach_m: int
    away_until: datetime | None
    asks_per_week: int
    asked_this_week: int
    asked_this_month: int
    last_asked_at: datetime | None
    quiet_from: time | None
    quiet_to: time | None
    time_zone: str


@dataclass(frozen=True)
class Candidate:
    """Someone with the best reason to ask them."""

    person: Person
    offer_id: UUID | None
    fit: Fit


def fit_of(need: Need, lead: Lead, cell: Cell) -> Fit:
    """Give the inputs of the score of one lead, at someone's cell."""
    return Fit(
        distance_m=metres_between(need.cell, cell),
        radius_m=need.radius_m,
        wanted=need.category,
        found=lead.category,
        by=lead.by,
        words=lead.words,
        of=len(need.words),
    )


def candidates(need: Need, leads: Iterable[Lead], people: Iterable[Person]) -> list[Candidate]:
    """Give each person once, by the lead that fits best (among equals an offer, then the older one)."""
    by_id = {person.user_id: person for person in people}
    best: dict[UUID, tuple[tuple[float, bool, int], Candidate]] = {}
    for lead in leads:
        person = by_id.get(lead.user_id)
        if person is None:
            continue
        fit = fit_of(need, lead, person.cell)
        rank = (score(fit), lead.by == "offer", -lead.offer_id.int if lead.offer_id else 0)
        if person.user_id not in best or rank > best[person.user_id][0]:
            best[person.user_id] = rank, Candidate(person, lead.offer_id, fit)
    return [candidate for _, candidate in best.values()]


def gate(need: Need, candidate: Candidate, now: datetime) -> Gate | None:
    """Give the first reason for which someone is not asked, or None where there is none."""
    person, distance_m = candidate.person, candidate.fit.distance_m
    closed = {
        Gate.OWN_NEED: person.user_id == need.owner_id,
        Gate.NOT_ACTIVE: not person.active,
        Gate.BLOCKED: person.blocked,
        Gate.TOO_FAR: distance_m > need.radius_m,
        Gate.OUT_OF_REACH: metres_between(person.cell, need.cell) > person.reach_m,
        Gate.AWAY: person.away_until is not None and person.away_until > now,
        Gate.ASKED_ENOUGH: person.asked_this_week >= person.asks_per_week,
        Gate.ALREADY_ASKED: person.asked,
        Gate.ANSWERED: person.answered,
    }
    return next((reason for reason, holds in closed.items() if holds), None)


FOR_GOOD = frozenset({Gate.OWN_NEED, Gate.NOT_ACTIVE, Gate.BLOCKED, Gate.TOO_FAR, Gate.OUT_OF_REACH})
"""The gates that time alone does not open."""


def out_of_the_question(need: Need, candidate: Candidate, now: datetime) -> bool:
    """Say whether waiting would not help either."""
    return candidate.person.asks_per_week == 0 or gate(need, candidate, now) in FOR_GOOD


def in_order(need: Need, found: Iterable[Candidate]) -> list[Candidate]:
    """Give the nearest first; among equally near ones those asked least lately, then by lot.

    The lot is drawn by a hash of need and person: nobody is first because of an older account.
    """

    def place(candidate: Candidate) -> tuple[int, int, datetime, bytes]:
        person = candidate.person
        band = (candidate.fit.distance_m + BAND_M // 2) // BAND_M
        lot = blake2b(need.listing_id.bytes + person.user_id.bytes, digest_size=8).digest()
        return band, person.asked_this_month, person.last_asked_at or _NEVER, lot

    return sorted(found, key=place)


def askable(need: Need, found: Iterable[Candidate], now: datetime) -> list[Candidate]:
    """Give those whom no gate keeps from being asked, in the order in which to ask them."""
    return in_order(need, [each for each in found if gate(need, each, now) is None])


def reachable(ordered: Sequence[Candidate], now: datetime) -> list[Reachable]:
    """Give them as the planner sees them: with the end of the quiet hours in which they are."""
    return [
        Reachable(
            person.user_id,
            quiet_until(now, person.quiet_from, person.quiet_to, person.time_zone),
        )
        for person in (candidate.person for candidate in ordered)
    ]
