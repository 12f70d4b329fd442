"""What is known of people whom a need could be put to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, case, exists, false, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.conversations.models import Message
from neighbourly.core.db import aliased, db
from neighbourly.exchanges.lifecycle import ABSENT
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import MET
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Asked
from neighbourly.matching.people import Need, Person
from neighbourly.matching.rule import DAY, HEAVY_ASKS, HEAVY_NEEDS, HEAVY_NEEDS_ASKS, MONTH, WEEK, YEAR
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences

_Took, _WentOut = aliased(Asked, name="took"), aliased(Asked, name="went_out")


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
            _yields(need, lately, now),
        )
        .join(Home, Home.user_id == User.id)
        .join(Preferences, Preferences.user_id == User.id)
        .join(lately, true())
        .join(dealings, true())
        .where(User.id == any_(literal(list(user_ids), ARRAY(Uuid()))))
    )
    return [Person(*row) for row in db.session.execute(statement)]


def other_side(user_id: Any) -> ColumnElement[UUID]:
    """With whom someone has an exchange, as a part of a statement over theirs."""
    return case((Exchange.giver_id == user_id, Exchange.receiver_id), else_=Exchange.giver_id)


def missed_since(user_id: Any, since: datetime) -> ColumnElement[bool]:
    """That the other side of an exchange said that this person did not come; both roles alike.

    Silence is nobody's word: what ended without one says nothing of anybody. Nor does what the person answered with a
    word in their conversation, or could not answer behind a block.
    """
    answered = exists().where(
        Message.conversation_id == Exchange.conversation_id,
        Message.created_at > Exchange.ended_at,
        Message.author_id == user_id,
        Message.kind != "step",
    )
    return and_(
        ~answered.correlate_except(Message),
        unblocked(Exchange.giver_id, Exchange.receiver_id),
        Exchange.state == "cancelled",
        Exchange.ended_at > since,
        or_(
            and_(Exchange.giver_id == user_id, Exchange.end_reason == ABSENT["giver"]),
            and_(Exchange.receiver_id == user_id, Exchange.end_reason == ABSENT["receiver"]),
        ),
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
            func.count().filter(Asked.asked_at > now - DAY).label("today"),
            func.max(Asked.asked_at).label("last_at"),
        )
        .where(Asked.user_id == User.id, Asked.asked_at > now - MONTH)
        .lateral()
    )


def _yields(need: Need, lately: Any, now: datetime) -> ColumnElement[bool]:
    """Whether someone's one ask of the last day was for somebody who asks much, and is now for somebody who does not.

    For each of them one look into the index of what went out for that asker.
    """
    if need.asks_much:
        return false()
    week_of_asker = and_(_WentOut.asker_id == _Took.asker_id, _WentOut.asked_at > now - WEEK)
    has_several_needs = and_(
        func.count() >= HEAVY_NEEDS_ASKS, func.count(_WentOut.listing_id.distinct()) >= HEAVY_NEEDS
    )
    asks_much = select(or_(func.count() >= HEAVY_ASKS, has_several_needs))
    took = exists().where(
        _Took.user_id == User.id,
        _Took.asked_at > now - DAY,
        _Took.asker_id != need.owner_id,
        asks_much.where(week_of_asker).correlate(_Took).scalar_subquery(),
    )
    return and_(lately.c.today == 1, took.correlate(User))


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
    """What someone gave and received within a year, and how many people missed them within a month."""
    took_place = Exchange.state.in_(MET)
    return (
        select(
            func.count().filter(took_place, Exchange.giver_id == User.id).label("gave"),
            func.count().filter(took_place, Exchange.receiver_id == User.id).label("received"),
            func.count(other_side(User.id).distinct()).filter(missed_since(User.id, now - MONTH)).label("unkept"),
        )
        .where(or_(Exchange.giver_id == User.id, Exchange.receiver_id == User.id), Exchange.created_at > now - YEAR)
        .lateral()
    )
