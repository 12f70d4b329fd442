"""Calendars: of one exchange for its two sides, and a private address of all one's own, which can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select

from neighbourly.accounts.models import User
from neighbourly.accounts.names import first_word
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service import require_recent_proof, tell
from neighbourly.bookings.selectors import time_zone_of
from neighbourly.conversations.wording import FORMER
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound
from neighbourly.exchanges import agenda, selectors
from neighbourly.exchanges.calendars import Agreement, Reader, write_calendar
from neighbourly.exchanges.models import CalendarFeed
from neighbourly.exchanges.selectors import ExchangeView

LOOKS_BACK = timedelta(days=90)
CALLED_OFF_FOR = timedelta(days=30)
"""So long it is shown as cancelled: time enough for every calendar that looks now and then."""
MOST = 500
NAME = "neighbourly"


@dataclass(frozen=True)
class Feed:
    """A private address; its URL is told once."""

    created_at: datetime
    url: str | None = None


def find_feed(*, actor: Actor) -> Feed:
    """Whether there is one, and since when: the address itself is not kept; `NotFound` without one."""
    feed = db.session.get(CalendarFeed, actor.id)
    if feed is None:
        raise NotFound()
    return Feed(feed.created_at)


def make_feed(*, actor: Actor) -> Feed:
    """A new address ends the one before; only its digest is kept (SEC-22).

    Whoever has it reads along, so it asks for what erasing asks for, and is told by mail (SEC-11).
    """
    require_recent_proof(actor)
    token, now = secrets.token_urlsafe(24), clock.now()
    feed = db.session.get(CalendarFeed, actor.id) or CalendarFeed(user_id=actor.id)
    feed.token_digest, feed.created_at = _digest(token), now
    db.session.add(feed)
    tell(actor.id, "calendar_made")
    return Feed(now, f"{settings().public_url}/c/{token}")


def delete_feed(*, actor: Actor) -> None:
    """The address leads nowhere from now on; none there is no mistake."""
    if end_feed(actor.id):
        tell(actor.id, "calendar_ended")


def end_feed(user_id: UUID) -> bool:
    """End somebody's address; whether there was one."""
    gone = delete(CalendarFeed).where(CalendarFeed.user_id == user_id).returning(CalendarFeed.user_id)
    return db.session.execute(gone).one_or_none() is not None


def has_feed(user_id: UUID) -> bool:
    """Whether somebody has an address."""
    return bool(db.session.scalar(select(exists().where(CalendarFeed.user_id == user_id))))


def read_feed(*, token: str) -> bytes:
    """Whoever has the address reads it: one's exchanges to come and of the last 90 days; `NotFound` for any other."""
    owner = (
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_digest == _digest(token), User.state == "active")
    )
    user = db.session.scalars(owner).one_or_none()
    if user is None:
        raise NotFound()
    now = clock.now()
    shown = agenda.list_for_calendar(
        user.id, user.language, since=now - LOOKS_BACK, called_off_since=now - CALLED_OFF_FOR, limit=MOST
    )
    return _written(shown, user.id, user.language)


def read_calendar(*, actor: Actor, exchange_id: UUID) -> bytes:
    """One exchange for the phone's calendar, for its two sides."""
    view = selectors.view_exchange(exchange_id, actor.id, actor.language)
    return _written([view], actor.id, actor.language)


def _written(views: Sequence[ExchangeView], reader_id: UUID, language: str) -> bytes:
    return write_calendar(
        [_agreement(each, language) for each in views], NAME, Reader(language, time_zone_of(reader_id))
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _agreement(view: ExchangeView, language: str) -> Agreement:
    exchange = view.exchange
    other = view.receiver if view.role == "giver" else view.giver
    return Agreement(
        id=exchange.id,
        kind=exchange.kind,
        state=exchange.state,
        version=exchange.version,
        role=view.role,
        title=view.listing.title,
        first_name=_first_name(other["display_name"], language),
        starts_at=exchange.starts_at,
        ends_at=exchange.ends_at,
        handed_over_at=exchange.handed_over_at,
        ended_at=exchange.ended_at,
        created_at=exchange.created_at,
        updated_at=exchange.updated_at,
        url=f"{settings().public_url}/x/{exchange.id}",
    )


def _first_name(display_name: str, language: str) -> str:
    """The first word, and no more of a name (SEC-22); who has left has none."""
    return display_name if display_name == FORMER[language] else first_word(display_name)
