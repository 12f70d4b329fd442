"""What is known of people whom a need could be put to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, exists, false, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import MET
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Asked
from neighbourly.matching.people import Need, Person
from neighbourly.matching.rule import MONTH, WEEK, YEAR
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences


def list_people(need: Need, user_ids: Collection[UUID], now: datetime) -> list[Person]:
    """What decides whether and when each of these may be asked; those without a home are left out. One statement."""
    lately, dealings = _asked_lately(now), _dealings(now)
    statement = (
        select(
            User.id,
            Home.cell,
            User.state == "active",
            ~unblocked(need.owner_id, User.id),
            exists().where(Asked.listing_id == need.listing_id, Asked.user_id == User.id),
            exists().where(Answer.listing_id == need.listing_id, Answer.user_id == User.id),
            _said_no(need, now),
            _know_each_other(need),
            dealings.c.gave,
            dealings.c.received,
            dealings.c.unkept,
            Preferences.reach_m,
            Preferences.away_until,
            Preferences.asks_per_week,
            lately.c.this_week,
            lately.c.this_month,
            lately.c.last_at,
            Preferences.quiet_from,
            Preferences.quiet_to,
            Preferences.time_zone,
        )
        .join(Home, Home.user_id == User.id)
        .join(Preferences, Preferences.user_id == User.id)
        .join(lately, true())
        .join(dealings, true())
        .where(User.id == any_(literal(list(user_ids), ARRAY(Uuid()))))
    )
    return [Person(*row) for row in db.session.execute(statement)]


def unkept_since(user_id: Any, since: datetime) -> ColumnElement[bool]:
    """That an exchange is one that this person had accepted as its giver and left without a word."""
    return and_(
        Exchange.giver_id == user_id,
        Exchange.state == "cancelled",
        Exchange.end_reason == "no_word",
        Exchange.ended_at > since,
    )


def _said_no(need: Need, now: datetime) -> ColumnElement[bool]:
    """A no is for the kind of thing, for a month, unless they said otherwise."""
    if need.category is None:
        return false()
    no = exists().where(
        Answer.user_id == User.id,
        Answer.answer == "no",
        Answer.keep_asking.is_(False),
        Answer.updated_at > now - MONTH,
        Listing.id == Answer.listing_id,
        Listing.category == need.category,
    )
    return no.correlate(User)


def _asked_lately(now: datetime) -> Any:
    return (
        select(
            func.count().filter(Asked.asked_at > now - WEEK).label("this_week"),
            func.count().label("this_month"),
            func.max(Asked.asked_at).label("last_at"),
        )
        .where(Asked.user_id == User.id, Asked.asked_at > now - MONTH)
        .lateral()
    )


def _know_each_other(need: Need) -> ColumnElement[bool]:
    """Whether the two have exchanged before, however long ago."""
    met = exists().where(
        Exchange.state.in_(MET),
        or_(
            and_(Exchange.giver_id == User.id, Exchange.receiver_id == need.owner_id),
            and_(Exchange.giver_id == need.owner_id, Exchange.receiver_id == User.id),
        ),
    )
    return met.correlate(User)


def _dealings(now: datetime) -> Any:
    """What someone gave and received within a year, and what they left within a month."""
    took_place = Exchange.state.in_(MET)
    return (
        select(
            func.count().filter(took_place, Exchange.giver_id == User.id).label("gave"),
            func.count().filter(took_place, Exchange.receiver_id == User.id).label("received"),
            func.count().filter(unkept_since(User.id, now - MONTH)).label("unkept"),
        )
        .where(or_(Exchange.giver_id == User.id, Exchange.receiver_id == User.id), Exchange.created_at > now - YEAR)
        .lateral()
    )
