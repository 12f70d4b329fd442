"""Who has a part in a listing: its exchanges' two sides and those who would help go on seeing it (BOK-09)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, SQLColumnExpression, and_, bindparam, exists, func, or_

from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING
from neighbourly.core import clock
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.timeline import KEPT_AFTER_END
from neighbourly.listings.models import Listing


def held(viewer_id: UUID | SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """That this person has a part in a listing, as a condition over `Listing` for `listings.selectors.readable`.

    A side of an exchange of it or for it, or a yes or later to it; until 30 days after that has ended. What its owner
    deleted stays with those alone with whom it was agreed. Each look-up goes by an index, from the listing's id.
    """
    since = bindparam(None, callable_=_kept_since, type_=DateTime(timezone=True), unique=True)
    agreed = exists().where(
        or_(Exchange.listing_id == Listing.id, Exchange.request_id == Listing.id),
        or_(Exchange.giver_id == viewer_id, Exchange.receiver_id == viewer_id),
        or_(Exchange.ended_at.is_(None), Exchange.ended_at > since),
        or_(Listing.deleted_at.is_(None), Exchange.accepted_at.is_not(None)),
    )
    # A listing that has ended is changed no more, but that it moves along with its owner: its term is the last word.
    goes_on = or_(Listing.status == "paused", func.least(Listing.updated_at, Listing.expires_at) > since)
    willing = exists().where(Answer.listing_id == Listing.id, Answer.user_id == viewer_id, Answer.answer.in_(WILLING))
    return or_(
        agreed.correlate_except(Exchange),
        and_(Listing.deleted_at.is_(None), goes_on, willing.correlate_except(Answer)),
    )


def _kept_since() -> datetime:
    return clock.now() - KEPT_AFTER_END
