"""What becomes of needs and of the yeses to them: reads over exchanges that meet one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, exists, func, select

from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import MET
from neighbourly.listings.models import Listing


def find_yes(request_id: UUID, user_id: UUID) -> Answer | None:
    """The yes or later of somebody to a need."""
    said = select(Answer).where(Answer.listing_id == request_id, Answer.user_id == user_id, Answer.answer.in_(WILLING))
    return db.session.scalars(said).one_or_none()


def find_only_offer(request: Listing, giver_id: UUID) -> UUID | None:
    """The one offer of somebody that is of a need's kind and category; None where it could be one of several."""
    alike = select(Listing.id).where(
        Listing.owner_id == giver_id,
        Listing.direction == "offer",
        Listing.status == "published",
        Listing.kind == request.kind,
        Listing.category == request.category,
    )
    offers = db.session.scalars(alike.limit(2)).all()
    return offers[0] if len(offers) == 1 else None


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
