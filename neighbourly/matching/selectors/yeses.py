"""Which yeses to a need are reason enough to ask nobody more."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, func, select

from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING, list_yeses
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.needs import PROMISED, is_settled, list_fallen_through
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Asked
from neighbourly.matching.people import fitting, is_unlikely
from neighbourly.matching.rule import UNKNOWN, WEEK
from neighbourly.matching.selectors.finding import list_leads_of
from neighbourly.matching.selectors.needs import need_of


def count_good_yeses(listing: Listing) -> int:
    """How many yeses there is good reason to count on: of who was asked, or offers what fits within the radius.

    Not those of which an agreement fell through. Any other yes is an answer like these, but ends nobody's asking.
    Up to three statements, and three more where somebody said yes who was not asked.
    """
    yeses = set(list_yeses(listing))
    if not yeses:
        return 0
    yeses -= list_fallen_through(listing.id)
    asked = select(Asked.user_id).where(Asked.listing_id == listing.id, Asked.user_id.in_(yeses))
    good = set(db.session.scalars(asked))
    return len(good) + len(_list_fitting(listing, yeses - good))


def _list_fitting(listing: Listing, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people who might have been asked for a request: by what they offer or care for, and from where."""
    if not user_ids:
        return set()
    need = need_of(listing)
    fit_of = fitting(need)
    fits = [(lead.user_id, fit_of(lead, UNKNOWN)) for lead in list_leads_of(need, user_ids)]
    return {user_id for user_id, fit in fits if fit.distance_m <= need.radius_m and not is_unlikely(fit)}


def count_open_yeses(user_id: UUID) -> int:
    """To how many needs that still wait someone has said yes or later within a week; one statement.

    Not those for which something is agreed: with them, or with as many as it takes.
    """
    chosen = exists().where(Exchange.answer_id == Answer.id, Exchange.state.in_(PROMISED))
    waiting = (
        select(func.count())
        .select_from(Answer)
        .join(Listing, Listing.id == Answer.listing_id)
        .where(Answer.user_id == user_id, Answer.answer.in_(WILLING), Answer.updated_at > clock.now() - WEEK)
        .where(Listing.status == "published", ~chosen, ~is_settled(Listing))
    )
    return db.session.scalar(waiting) or 0
