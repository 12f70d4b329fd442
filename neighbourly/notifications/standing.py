"""Reading how things stand at the sending of what somebody was told: what `told` does not have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from neighbourly.bookings.models import Waiting
from neighbourly.bookings.selectors import TURN
from neighbourly.core.db import aliased, db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.needs import PROMISED
from neighbourly.exchanges.service import is_overtaken
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Ask
from neighbourly.matching.selectors import tells_nobody
from neighbourly.notifications.models import Notification
from neighbourly.notifications.other_words import TAKEN
from neighbourly.notifications.plans import Standing, still_so
from neighbourly.notifications.times import when_of

ABOUT_HELPING = ("request_nearby", "request_closed")
OPPOSITES = {"item_unavailable": "item_back", "item_back": "item_unavailable"}
_Later = aliased(Notification, name="later")


def with_standing(statement: Any) -> Any:
    """A statement of `told` with what `is_still_so` asks for besides."""
    waits = and_(Waiting.listing_id == Notification.listing_id, Waiting.user_id == Notification.user_id)
    return (
        statement.outerjoin(Ask, Ask.listing_id == Notification.listing_id)
        .outerjoin(Waiting, waits)
        .add_columns(
            Ask.state.label("ask_state"),
            Waiting.asked_at,
            case((Exchange.giver_id == Notification.user_id, "giver"), else_="receiver").label("side"),
            Exchange.awaiting,
            case((Notification.type.in_(ABOUT_HELPING), _is_settled()), else_=False).label("is_settled"),
            case((Notification.type.in_(OPPOSITES), _is_contradicted()), else_=False).label("is_contradicted"),
        )
    )


def _is_settled() -> ColumnElement[bool]:
    """That as many have agreed to help with the need as it asked for."""
    agreed = select(func.count()).where(Exchange.request_id == Notification.listing_id, Exchange.state.in_(PROMISED))
    wanted = select(Listing.helpers_needed).where(Listing.id == Notification.listing_id)
    return agreed.correlate(Notification).scalar_subquery() >= wanted.correlate(Notification).scalar_subquery()


def _is_contradicted() -> ColumnElement[bool]:
    """That the opposite was told of the same exchange since."""
    return (
        select(_Later.id)
        .where(
            _Later.user_id == Notification.user_id,
            _Later.exchange_id == Notification.exchange_id,
            _Later.type == case(OPPOSITES, value=Notification.type),
            _Later.created_at > Notification.created_at,
        )
        .correlate(Notification)
        .exists()
    )


def is_still_so(row: Any, now: datetime) -> bool:
    """Whether what a row of `with_standing` tells is so at this moment; one or two statements more for few types.

    That all were asked is told of no request that is asked around so near by now that nobody is counted (LOC-12).
    """
    variant = row.data.get("variant")
    if row.type == "item_unavailable" and variant == TAKEN and not is_overtaken(exchange_id=row.exchange_id):
        return False
    if row.type == "ask_exhausted" and tells_nobody(db.session.get_one(Listing, row.listing_id)):
        return False
    return still_so(row.type, row.data, _standing_of(row, variant, now))


def _standing_of(row: Any, variant: str | None, now: datetime) -> Standing:
    turn_ends = row.asked_at and row.asked_at + TURN
    return Standing(
        now=now,
        status=row.status,
        expires_at=row.expires_at,
        answer=row.answer,
        when=turn_ends if row.type == "waiting_turn" else when_of(row.type, variant, row),
        awaits_them=row.awaiting is None or row.awaiting == row.side,
        is_settled=row.is_settled,
        is_exhausted=row.ask_state in (None, "exhausted"),
        is_contradicted=row.is_contradicted,
        has_turn=row.asked_at is not None,
    )
