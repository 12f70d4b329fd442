"""Where the two meet: seen by them alone, from the agreement on, deleted 30 days after the end (LOC-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound, require
from neighbourly.exchanges import selectors, timeline
from neighbourly.exchanges.errors import NothingToMeetFor
from neighbourly.exchanges.models import Exchange, Meeting

AGREED = frozenset({"accepted", "handed_over", "returned", "done", "confirmed", "disputed"})


def get_meeting(*, actor: Actor, exchange_id: UUID) -> Meeting:
    """Only the two sides see where they meet, until 30 days after the end, whenever it is deleted then."""
    exchange = selectors.get_exchange(exchange_id, actor.id)
    meeting = db.session.get(Meeting, exchange_id)
    if meeting is None or _is_past(exchange):
        raise NotFound()
    return meeting


def set_meeting(
    *, actor: Actor, exchange_id: UUID, text: str, at: datetime | None = None, point: dict[str, Any] | None = None
) -> Meeting:
    """Either side says where and when, once it is agreed; the latest word counts."""
    exchange = selectors.get_exchange(exchange_id, actor.id, lock=True)
    parted = selectors.are_parted(exchange)
    require(exchange.state in AGREED and not parted and not _is_past(exchange), NothingToMeetFor)
    meeting = db.session.get(Meeting, exchange_id) or Meeting(exchange_id=exchange_id)
    meeting.text, meeting.at, meeting.set_by, meeting.updated_at = text, at, actor.id, clock.now()
    meeting.lat, meeting.lon = (point["lat"], point["lon"]) if point else (None, None)
    db.session.add(meeting)
    return meeting


def _is_past(exchange: Exchange) -> bool:
    return exchange.ended_at is not None and exchange.ended_at + timeline.KEPT_AFTER_END <= clock.now()


def delete_meeting(*, actor: Actor, exchange_id: UUID) -> None:
    """Either side may take it back; none there is no mistake."""
    selectors.get_exchange(exchange_id, actor.id)
    db.session.execute(delete(Meeting).where(Meeting.exchange_id == exchange_id))


def forget_meetings() -> int:
    """Places of exchanges that ended 30 days ago are deleted; how many were."""
    over = select(Exchange.id).where(Exchange.ended_at <= clock.now() - timeline.KEPT_AFTER_END)
    gone = delete(Meeting).where(Meeting.exchange_id.in_(over)).returning(Meeting.exchange_id)
    return len(db.session.scalars(gone).all())
