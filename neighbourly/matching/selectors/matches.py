"""What goes with a listing, before and while people are asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select

from neighbourly.accounts.models import User
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.language import stems, telling_words, words_among
from neighbourly.listings import reading
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import visible
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.matching.people import Need, is_match, turn_of
from neighbourly.matching.rule import UNKNOWN
from neighbourly.matching.scoring import Factor, Fit, explain, score
from neighbourly.matching.selectors import finding
from neighbourly.matching.selectors.finding import Look
from neighbourly.matching.selectors.needs import need_of
from neighbourly.matching.selectors.people import list_people
from neighbourly.preferences.models import Preferences

TOLD = (Listing.updated_at, Listing.published_at)


@dataclass(frozen=True)
class Match:
    """A listing that goes with another one, and why."""

    listing: ListingSummary
    score: float
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Matches:
    """What goes with a listing: others' listings by name, people by a figure."""

    items: list[Match]
    by_interest: int
    """The lower end of a band, for a day (LOC-12)."""
    meaning: Literal["ready", "pending"] | None
    """Whether the listing's own meaning is known by now; None where nothing is encoded."""


def show_matches(listing: Listing, limit: int, by_interest: int) -> Matches:
    """What goes with a listing, for its owner; nobody is told. Three statements, of a request four."""
    need = need_of(listing)
    return Matches(_list_matches(need, listing.direction, limit), by_interest, _meaning(need))


def _meaning(need: Need) -> Literal["ready", "pending"] | None:
    if need.vector is not None:
        return "ready"
    return "pending" if reading.is_chosen() else None


def _list_matches(need: Need, direction: str, limit: int) -> list[Match]:
    """The visible listings of the other direction that go with this one, best first."""
    found = [(row, fit) for row, fit in _fits(need, direction) if is_match(fit) and _is_near(need, fit)]
    turns = _turns(need, {row.owner_id for row, _ in found}) if direction == "request" else {}
    weighed = [(row, replace(fit, turn=turns.get(row.owner_id, UNKNOWN))) for row, fit in found]
    best = sorted(weighed, key=lambda each: (-score(each[1]), each[1].distance_m, each[0].id))[:limit]
    return [Match(summary(row, fit.distance_m), score(fit), explain(fit)) for row, fit in best]


def _fits(need: Need, direction: str) -> list[tuple[Any, Fit]]:
    found = finding.listings_meeting(Look(need, "offer" if direction == "request" else "request"))
    radius = func.coalesce(Listing.radius_m, Preferences.reach_m)
    statement = (
        select(*COLUMNS, radius.label("radius_m"), *TOLD, found.c.held, found.c.vector, found.c.free)
        .join(found, found.c.id == Listing.id)
        .join(User, User.id == Listing.owner_id)
        .join(Preferences, Preferences.user_id == Listing.owner_id)
        .where(*visible(need.owner_id))
    )
    values = finding.wanted_values(need)
    rows = db.session.execute(statement, values, execution_options=finding.PLANNED_ANEW).all()
    likes, said = finding.likenesses(need, [row.vector for row in rows]), stems(" ".join(need.words))
    return [(row, _fit(need, said, direction, row, like)) for row, like in zip(rows, likes, strict=True)]


def _fit(need: Need, said: frozenset[str], direction: str, row: Any, like: float | None) -> Fit:
    """The inputs of the score; of the two listings the request is the one that wants. `said`: the need's stems."""
    asking = direction == "request"
    wanted, found = (need.category, row.category) if asking else (row.category, need.category)
    words = need.words if asking else telling_words(row.title)
    return Fit(
        distance_m=cells.metres_between(need.cell, row.cell),
        radius_m=need.radius_m if asking else row.radius_m,
        wanted=wanted,
        found=found,
        by="offer" if asking else "request",
        words=finding.held_words(need, row.held) if asking else words_among(words, said),
        of=len(words),
        like=like,
        idea=need.idea,
        free=row.free,
        age_days=max(0, (clock.now() - row.updated_at).days),
    )


def _is_near(need: Need, fit: Fit) -> bool:
    return fit.distance_m <= min(fit.radius_m, need.radius_m)


def _turns(need: Need, owner_ids: set[UUID]) -> dict[UUID, float]:
    """Whose turn it is, of these owners; one statement."""
    return {person.user_id: turn_of(person) for person in list_people(need, owner_ids, clock.now())}


def list_askers_met_by(offer: Need, since: datetime) -> set[UUID]:
    """Who asks, and asked before then, for what an offer is likely to meet within their radius; one statement."""
    fits = [(row, fit) for row, fit in _fits(offer, "offer") if row.published_at <= since]
    return {row.owner_id for row, fit in fits if fit.is_likely and fit.distance_m <= fit.radius_m}
