"""What someone was asked for, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.core.api.pagination import Page, newest_first, page
from neighbourly.core.cells import coarsen
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.matching.models import Asked
from neighbourly.matching.scoring import Factor, Fit, explain, score


@dataclass(frozen=True)
class AskedView:
    """One need that someone was asked for, and why."""

    listing: ListingSummary
    asked_at: datetime
    offer_id: UUID | None
    answer: str | None
    rule: str
    score: float
    factors: tuple[Factor, ...]


def list_asked(user_id: UUID, *, limit: int, cursor: str | None, only_open: bool = False) -> Page:
    """What someone was asked for, newest first; `only_open`: what still waits for an answer of theirs. Two statements.

    Needs of people who left or who are blocked either way are left out, and those taken down.
    """
    statement = (
        select(Asked, Answer.answer, Asked.asked_at, Asked.listing_id)
        .join(Listing, Listing.id == Asked.listing_id)
        .join(User, User.id == Listing.owner_id)
        .outerjoin(Answer, (Answer.listing_id == Asked.listing_id) & (Answer.user_id == user_id))
        .where(Asked.user_id == user_id, Listing.deleted_at.is_(None), Listing.status != "removed")
        .where(User.state == "active", unblocked(user_id, User.id))
    )
    if only_open:
        statement = statement.where(Listing.status == "published", Answer.answer.is_(None))
    rows, following = page(statement, newest_first(Asked.asked_at, Asked.listing_id), limit=limit, cursor=cursor)
    listings = _summaries({row["Asked"].listing_id: row["Asked"] for row in rows})
    return Page([_asked_view(row["Asked"], row["answer"], listings) for row in rows], following)


def _asked_view(asked: Asked, answer: str | None, listings: Mapping[UUID, ListingSummary]) -> AskedView:
    fit = Fit.from_json(asked.why)
    return AskedView(
        listing=listings[asked.listing_id],
        asked_at=asked.asked_at,
        offer_id=asked.offer_id,
        answer=answer,
        rule=asked.why["rule"],
        score=score(fit),
        factors=explain(fit),
    )


def _summaries(asked: Mapping[UUID, Asked]) -> dict[UUID, ListingSummary]:
    """The needs by id, each with the distance at which it was when the person was asked."""
    if not asked:
        return {}
    statement = select(*COLUMNS).join(User, User.id == Listing.owner_id).where(Listing.id.in_(asked))
    return {row.id: _remembered(row, asked[row.id]) for row in db.session.execute(statement)}


def _remembered(row: Any, asked: Asked) -> ListingSummary:
    """The need, of which only title and distance are left once it is no longer shown.

    It moves along with its owner: with its cell, who was asked once would see every later home.
    """
    need = summary(row, Fit.from_json(asked.why).distance_m)
    return need if need["available"] else {**need, "cell": coarsen(need["cell"], 0), "excerpt": ""}


def offers_in(user_id: UUID, category: str) -> bool:
    """Whether someone shows an offer of a category."""
    statement = select(Listing.id).where(
        Listing.owner_id == user_id,
        Listing.direction == "offer",
        Listing.status == "published",
        Listing.category == category,
    )
    return db.session.scalar(statement.limit(1)) is not None
