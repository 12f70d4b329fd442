"""Calendars: of one exchange for its two sides, and a private address of all one's own, which can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound
from neighbourly.exchanges import selectors
from neighbourly.exchanges.calendars import Appointment, write_calendar
from neighbourly.exchanges.models import CalendarFeed
from neighbourly.exchanges.selectors import ExchangeView

SHOWN = frozenset({"proposed", "accepted", "handed_over", "done"})
LOOKS_BACK = timedelta(days=90)
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
    """A new address ends the one before; only its digest is kept (SEC-22)."""
    token, now = secrets.token_urlsafe(24), clock.now()
    feed = db.session.get(CalendarFeed, actor.id) or CalendarFeed(user_id=actor.id)
    feed.token_digest, feed.created_at = _digest(token), now
    db.session.add(feed)
    return Feed(now, f"{settings().public_url}/c/{token}")


def delete_feed(*, actor: Actor) -> None:
    """The address leads nowhere from now on; none there is no mistake."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == actor.id))


def read_feed(*, token: str) -> bytes:
    """Whoever has the address reads it: one's exchanges that go on or are to come; `NotFound` for any other."""
    owner = (
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_digest == _digest(token), User.state == "active")
    )
    user = db.session.scalars(owner).one_or_none()
    if user is None:
        raise NotFound()
    found = selectors.list_for_calendar(user.id, user.language, clock.now() - LOOKS_BACK, MOST)
    shown = [_appointment(each) for each in found if each.exchange.state in SHOWN]
    return write_calendar(shown, NAME, user.language)


def read_calendar(*, actor: Actor, exchange_id: UUID) -> bytes:
    """One exchange for the phone's calendar, for its two sides."""
    view = selectors.view_exchange(exchange_id, actor.id, actor.language)
    return write_calendar([_appointment(view)], NAME, actor.language)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _appointment(view: ExchangeView) -> Appointment:
    exchange = view.exchange
    other = view.receiver if view.role == "giver" else view.giver
    return Appointment(
        uid=f"{exchange.id}@neighbourly",
        sequence=exchange.version,
        role=view.role,
        title=view.listing.title,
        first_name=(other["display_name"].split() or [""])[0],
        state=exchange.state,
        starts_at=exchange.starts_at,
        ends_at=exchange.ends_at,
        stamped_at=exchange.updated_at,
        url=f"{settings().public_url}/x/{exchange.id}",
    )
