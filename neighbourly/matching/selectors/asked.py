"""What someone was asked for, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.core import clock
from neighbourly.core.api.pagination import Page, newest_first, page
from neighbourly.core.cells import coarsen
from neighbourly.core.db import db
from neighbourly.core.errors import Words
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.needs import is_settled
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.matching.models import Asked
from neighbourly.matching.rule import MONTH, UNKEPT
from neighbourly.matching.scoring import Factor, Fit, explain, family, score
from neighbourly.matching.selectors.people import missed_since, other_side
from neighbourly.matching.wording import ASKED_LAST


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


@dataclass(frozen=True)
class AskedLast:
    """That someone is asked after everyone else for a while, and why; they alone read it."""

    until: datetime
    why: Words


@dataclass(frozen=True)
class AskedPage:
    """A page of what someone was asked for, and how they stand themselves."""

    items: Sequence[Any]
    next: str | None
    asked_last: AskedLast | None


def view_asked(user_id: UUID, *, limit: int, cursor: str | None) -> AskedPage:
    """What someone was asked for, and whether they are asked last for now. Two statements."""
    page = list_asked(user_id, limit=limit, cursor=cursor)
    return AskedPage(page.items, page.next, _asked_last(user_id, clock.now()))


def _asked_last(user_id: UUID, now: datetime) -> AskedLast | None:
    """Until of the different people who missed someone so few are left as count for nothing; one statement."""
    last_time = func.max(Exchange.ended_at)
    missed = select(last_time).where(missed_since(user_id, now - MONTH)).group_by(other_side(user_id))
    times = db.session.scalars(missed.order_by(last_time.desc()).limit(UNKEPT))
    ended = [at for at in times if at is not None]
    return AskedLast(ended[-1] + MONTH, ASKED_LAST) if len(ended) == UNKEPT else None


def list_asked(user_id: UUID, *, limit: int, cursor: str | None, only_open: bool = False) -> Page:
    """What someone was asked for, newest first; `only_open`: what still waits for an answer of theirs, and for help.
    One statement.

    Needs of people who left or who are blocked either way are left out, and those taken down.
    """
    statement = (
        select(*COLUMNS, Asked, Answer.answer, Asked.asked_at, Asked.listing_id)
        .select_from(Asked)
        .join(Listing, Listing.id == Asked.listing_id)
        .join(User, User.id == Listing.owner_id)
        .outerjoin(Answer, (Answer.listing_id == Asked.listing_id) & (Answer.user_id == user_id))
        .where(Asked.user_id == user_id, Listing.deleted_at.is_(None), Listing.status != "removed")
        .where(User.state == "active", unblocked(user_id, User.id))
    )
    if only_open:
        statement = statement.where(Listing.status == "published", Answer.answer.is_(None), ~is_settled(Listing))
    rows, following = page(statement, newest_first(Asked.asked_at, Asked.listing_id), limit=limit, cursor=cursor)
    return Page([_asked_view(row) for row in rows], following)


def _asked_view(row: Any) -> AskedView:
    asked, answer = row["Asked"], row["answer"]
    fit = Fit.from_json(asked.why)
    return AskedView(
        listing=_remembered(tuple(row.values()), fit),
        asked_at=asked.asked_at,
        offer_id=asked.offer_id,
        answer=answer,
        rule=asked.why["rule"],
        score=score(fit),
        factors=explain(fit),
    )


def _remembered(row: Sequence[Any], fit: Fit) -> ListingSummary:
    """The need at the distance at which it was when the person was asked; once it is over only that and the title.

    It moves along with its owner: with its cell, who was asked once would see every later home.
    """
    need = summary(row, fit.distance_m)
    if need["status"] == "published":
        return need
    return {**need, "cell": coarsen(need["cell"], 0), "excerpt": "", "away_until": None}


def list_unanswered(listing_id: UUID) -> list[UUID]:
    """Who was asked for a need and has not answered."""
    answered = exists().where(Answer.listing_id == Asked.listing_id, Answer.user_id == Asked.user_id)
    return list(db.session.scalars(select(Asked.user_id).where(Asked.listing_id == listing_id, ~answered)))


def asked_for_an_offer(user_id: UUID, category: str) -> bool:
    """Whether an offer of someone's brings them needs of a category: one of its family, or any that just did so."""
    offers = exists().where(
        Listing.owner_id == user_id,
        Listing.direction == "offer",
        Listing.status == "published",
        Listing.category.in_(family(category)),
    )
    brought = exists().where(
        Asked.user_id == user_id,
        Asked.asked_at > clock.now() - MONTH,
        Asked.offer_id.is_not(None),
        Listing.id == Asked.listing_id,
        Listing.category == category,
    )
    return bool(db.session.scalar(select(or_(offers, brought))))
