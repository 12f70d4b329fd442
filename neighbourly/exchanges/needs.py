"""What becomes of needs and of the yeses to them: reads over exchanges that meet one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING
from neighbourly.core.db import aliased, db
from neighbourly.exchanges.lifecycle import is_over
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import MET
from neighbourly.listings.models import Listing

PROMISED = ("accepted", "handed_over", "returned", "done", "confirmed", "disputed")
"""Where a helper of a need has agreed, or has helped."""
FELL_THROUGH = ("declined", "expired", "cancelled")


def find_yes(request_id: UUID, user_id: UUID) -> Answer | None:
    """The yes or later of somebody to a need."""
    said = select(Answer).where(Answer.listing_id == request_id, Answer.user_id == user_id, Answer.answer.in_(WILLING))
    return db.session.scalars(said).one_or_none()


def find_only_offer(request: Listing, giver_id: UUID) -> UUID | None:
    """The one offer of somebody that is of a need's kind and category; None where it could be one of several.

    None as well for a need that is filed nowhere: that an offer is not either makes them nothing alike.
    """
    if request.category is None:
        return None
    alike = select(Listing.id).where(
        Listing.owner_id == giver_id,
        Listing.direction == "offer",
        Listing.status == "published",
        Listing.kind == request.kind,
        Listing.category == request.category,
    )
    offers = db.session.scalars(alike.limit(2)).all()
    return offers[0] if len(offers) == 1 else None


def find_living(answer_id: UUID, receiver_id: UUID) -> UUID | None:
    """The exchange that somebody's choice of an answer led to and that still goes on."""
    chosen = select(Exchange).where(Exchange.answer_id == answer_id, Exchange.receiver_id == receiver_id)
    found = db.session.scalars(chosen.order_by(Exchange.created_at.desc(), Exchange.id)).all()
    return next((each.id for each in found if not is_over(each.kind, each.state)), None)


def find_waiting(said: bytes, proposer_id: UUID) -> UUID | None:
    """What somebody proposed in just these words and that still waits."""
    waiting = select(Exchange.id).where(
        or_(Exchange.giver_id == proposer_id, Exchange.receiver_id == proposer_id),
        Exchange.state == "proposed",
        Exchange.said == said,
    )
    return db.session.scalar(waiting.order_by(Exchange.id).limit(1))


def is_chosen(answer_id: UUID) -> bool:
    """Whether an exchange came of this answer, however that went on."""
    return db.session.scalar(select(exists().where(Exchange.answer_id == answer_id))) or False


def list_givers(request_id: UUID) -> set[UUID]:
    """Who has met a need."""
    met = select(Exchange.giver_id).where(Exchange.request_id == request_id, Exchange.state.in_(MET))
    return set(db.session.scalars(met))


def count_met(request_id: UUID) -> int:
    """How many exchanges have met a need."""
    met = select(func.count()).where(Exchange.request_id == request_id, Exchange.state.in_(MET))
    return db.session.scalar(met) or 0


def lent_for_needs_of(user_id: UUID) -> Select[UUID]:
    """The listings with which somebody's needs were, or were to be, met."""
    theirs = select(Exchange.listing_id).where(Exchange.receiver_id == user_id, Exchange.request_id.is_not(None))
    return theirs.where(Exchange.listing_id != Exchange.request_id).distinct()


def find_request(exchange_id: UUID) -> UUID | None:
    """The need that an exchange meets, if it began with one."""
    return db.session.scalar(select(Exchange.request_id).where(Exchange.id == exchange_id))


def count_promised(request_id: UUID) -> int:
    """With how many helpers a need is agreed, or was done."""
    promised = select(func.count()).where(Exchange.request_id == request_id, Exchange.state.in_(PROMISED))
    return db.session.scalar(promised) or 0


def list_fallen_through(request_id: UUID) -> set[UUID]:
    """Who said yes to a need of which nothing came after all, and with whom nothing else goes on."""
    alive = Exchange.state.in_(("proposed", *PROMISED))
    of_each = (
        select(Exchange.giver_id)
        .join(Answer, and_(Answer.listing_id == Exchange.request_id, Answer.user_id == Exchange.giver_id))
        .where(Exchange.request_id == request_id, Answer.answer == "yes")
        .group_by(Exchange.giver_id)
        .having(func.count().filter(alive) == 0, func.count().filter(Exchange.state.in_(FELL_THROUGH)) > 0)
    )
    return set(db.session.scalars(of_each))


def list_chosen(request_id: UUID) -> set[UUID]:
    """Who helps with a need, has helped, or was asked to by who needs it."""
    alive = Exchange.state.in_(("proposed", *PROMISED))
    return set(db.session.scalars(select(Exchange.giver_id).where(Exchange.request_id == request_id, alive)))


def is_settled(need: Any) -> ColumnElement[bool]:
    """That as many as a need asks for have agreed or helped, as a part of a statement over `need`."""
    other = aliased(Exchange, name="promised")
    promised = select(func.count()).where(other.request_id == need.id, other.state.in_(PROMISED))
    enough: ColumnElement[bool] = promised.correlate(need).scalar_subquery() >= need.helpers_needed
    return enough
