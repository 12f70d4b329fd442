"""What holds up that somebody leaves: a thing that is out, for a bounded time (GDP-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange

HELD_AFTER_END = timedelta(days=30)
"""After the end of a loan, or since it is disputed that it is back, the later of the two."""
HELD_AT_MOST = timedelta(days=90)
"""Since the wish: a right of the person waits three months at the longest (art. 12(3) GDPR)."""
OUT = and_(
    Exchange.kind == "loan",
    or_(Exchange.state == "handed_over", and_(Exchange.state == "disputed", Exchange.disputed_from == "handed_over")),
)
"""A thing is in somebody's hands, or is said to be. What was returned is not, whoever disputes it."""


def release_at(exchange: Exchange) -> datetime:
    """Until when a thing that is out holds up that one of the two leaves."""
    since = [exchange.ends_at or exchange.starts_at]
    if exchange.state == "disputed":
        since.append(exchange.disputed_at or exchange.updated_at)
    return max(since) + HELD_AFTER_END


def list_things_out(user_id: UUID) -> Sequence[Exchange]:
    """The loans of somebody, either side, whose thing is out; by id."""
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    return db.session.scalars(select(Exchange).where(theirs, OUT).order_by(Exchange.id)).all()


def list_unfinished_of(user_id: UUID) -> Sequence[Exchange]:
    """What would wait for somebody for ever once they are gone: things out and disputes; locked, by id."""
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    waits = or_(OUT, Exchange.state == "disputed")
    return db.session.scalars(select(Exchange).where(theirs, waits).order_by(Exchange.id).with_for_update()).all()
