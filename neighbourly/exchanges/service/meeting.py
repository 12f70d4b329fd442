"""Where the two meet: read by them alone, only while it is under way and no block stands (LOC-05, LOC-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound, require
from neighbourly.exchanges import policy, selectors, timeline
from neighbourly.exchanges.errors import NothingToMeetFor
from neighbourly.exchanges.models import Exchange, Meeting


def get_meeting(*, actor: Actor, exchange_id: UUID) -> Meeting:
    """Only the two sides read where they meet, from the agreement until a day after the end; in a dispute its author.

    Raises `NotFound` for everybody and everything else, a block between the two included.
    """
    exchange = selectors.get_exchange(exchange_id, actor.id)
    meeting = db.session.get(Meeting, exchange_id)
    if meeting is None or not _is_readable(exchange, meeting, actor):
        raise NotFound()
    return meeting


def set_meeting(
    *, actor: Actor, exchange_id: UUID, text: str, at: datetime | None = None, point: dict[str, Any] | None = None
) -> Meeting:
    """Either side says where and when, once it is agreed; the latest word counts. Raises `NothingToMeetFor`."""
    exchange = selectors.get_exchange(exchange_id, actor.id, lock=True)
    parted = selectors.are_parted(exchange)
    require(policy.has_meeting_place(exchange, parted=parted, now=clock.now()), NothingToMeetFor)
    meeting = db.session.get(Meeting, exchange_id) or Meeting(exchange_id=exchange_id)
    meeting.text, meeting.at, meeting.set_by, meeting.updated_at = text, at, actor.id, clock.now()
    meeting.lat, meeting.lon = (point["lat"], point["lon"]) if point else (None, None)
    db.session.add(meeting)
    return meeting


def delete_meeting(*, actor: Actor, exchange_id: UUID) -> None:
    """Either side takes back what they may read; where there is nothing to read, nothing happens."""
    exchange = selectors.get_exchange(exchange_id, actor.id)
    meeting = db.session.get(Meeting, exchange_id)
    if meeting is not None and _is_readable(exchange, meeting, actor):
        db.session.execute(delete(Meeting).where(Meeting.exchange_id == exchange_id))


def delete_meetings_between(user_id: UUID, other_id: UUID | None = None) -> None:
    """Delete every meeting place of somebody's exchanges (with one person), whatever their state."""
    one, other = Exchange.giver_id, Exchange.receiver_id
    theirs = or_(one == user_id, other == user_id)
    if other_id is not None:
        theirs = or_(and_(one == user_id, other == other_id), and_(one == other_id, other == user_id))
    db.session.execute(delete(Meeting).where(Meeting.exchange_id.in_(select(Exchange.id).where(theirs))))


def forget_meetings() -> int:
    """Delete the places of what was called off, ended a day ago, or lies between two who parted; how many.

    Nobody reads them any more by then: this catches up with what a crash or a race left in the table.
    """
    past = Exchange.ended_at <= clock.now() - timeline.MEETING_KEPT_AFTER_END
    parted = selectors.have_parted(Exchange.giver_id, Exchange.receiver_id)
    over = select(Exchange.id).where(or_(Exchange.state.not_in(policy.MEETING_STATES), past, parted))
    gone = delete(Meeting).where(Meeting.exchange_id.in_(over)).returning(Meeting.exchange_id)
    return len(db.session.scalars(gone).all())


def _is_readable(exchange: Exchange, meeting: Meeting, actor: Actor) -> bool:
    parted = selectors.are_parted(exchange)
    return policy.may_read_meeting(exchange, actor.id, set_by=meeting.set_by, parted=parted, now=clock.now())
