"""What goes with a listing, before and while people are asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from neighbourly.accounts.models import User
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import visible
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.matching.people import Need, candidates, out_of_the_question
from neighbourly.matching.scoring import Factor, Fit, explain, score
from neighbourly.matching.selectors import finding
from neighbourly.matching.selectors.asks import need_of
from neighbourly.preferences.models import Preferences


@dataclass(frozen=True)
class Match:
    """A listing that goes with another one, and why."""

    listing: ListingSummary
    score: float
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Matches:
    """What goes with a listing: others' listings by name, people by number."""

    items: list[Match]
    by_interest: int
    meaning: None = None
    """Words and categories are all that counts so far; nothing is being worked out."""


def show_matches(listing: Listing, limit: int) -> Matches:
    """What goes with a listing, for its owner; nobody is told. Four statements, for an offer two."""
    need = need_of(listing)
    by_interest = _count_by_interest(need) if listing.direction == "request" else 0
    return Matches(_list_matches(need, listing.direction, limit), by_interest)


def _list_matches(need: Need, direction: str, limit: int) -> list[Match]:
    """The visible listings of the other direction that go with this one, best first."""
    found = finding.listings_meeting(need, "offer" if direction == "request" else "request")
    radius = func.coalesce(Listing.radius_m, Preferences.reach_m)
    statement = (
        select(*COLUMNS, radius.label("radius_m"), found.c.held)
        .join(found, found.c.id == Listing.id)
        .join(User, User.id == Listing.owner_id)
        .join(Preferences, Preferences.user_id == Listing.owner_id)
        .where(*visible(need.owner_id))
    )
    matches = [_match(need, direction, row) for row in db.session.execute(statement)]
    near = [each for each in matches if each is not None]
    return sorted(near, key=lambda each: (-each.score, each.listing["distance_m"], each.listing["id"]))[:limit]


def _match(need: Need, direction: str, row: Any) -> Match | None:
    """The match of one row, if it lies within the radius of the request of the two."""
    asking = direction == "request"
    wanted, found = (need.category, row.category) if asking else (row.category, need.category)
    fit = Fit(
        distance_m=cells.metres_between(need.cell, row.cell),
        radius_m=need.radius_m if asking else row.radius_m,
        wanted=wanted,
        found=found,
        by="offer",
        words=finding.held_words(need, row.held),
        of=len(need.words),
    )
    if fit.distance_m > min(fit.radius_m, need.radius_m):
        return None
    return Match(summary(row, fit.distance_m), score(fit), explain(fit))


def _count_by_interest(need: Need) -> int:
    """How many would be asked for a request because of an interest of theirs, now or later, blocks left aside.

    A number that a block changes would tell the one who tries it on name after name who lives within the radius, and
    the blocked that they are.
    """
    now = clock.now()
    leads = finding.list_leads(need)
    found = finding.list_people(need, {lead.user_id for lead in leads}, now)
    people = [replace(person, blocked=False) for person in found]
    chosen = candidates(need, leads, people)
    return sum(each.fit.by == "interest" and not out_of_the_question(need, each, now) for each in chosen)
