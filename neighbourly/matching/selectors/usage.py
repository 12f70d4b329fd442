"""What one person has asked of others of late, and which of their needs wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, literal, or_, select

from neighbourly.core import cells
from neighbourly.core.db import Box, db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import MET
from neighbourly.listings.models import Listing
from neighbourly.matching.models import UNDER_WAY, Ask, Asked
from neighbourly.matching.people import Need
from neighbourly.matching.quota import MOST_COUNTED_AROUND, AskerUsage
from neighbourly.matching.rule import DAY, FIRST_ASKS, MOST_PARTNERS, NEAR_M, WEEK, YEAR
from neighbourly.matching.selectors.people import other_side
from neighbourly.places.models import Home
from neighbourly.preferences.density import RADII_M
from neighbourly.preferences.selectors import count_radius, select_radius_of_town


def find_usage(need: Need, now: datetime) -> AskerUsage:
    """What was asked for the owner of a need within a week, and what they may ask; one statement.

    One more where no night has passed since somebody lives there.
    """
    week = _week_of(need.owner_id, now)
    parts = (
        select(func.count()).select_from(Asked).where(*week).scalar_subquery(),
        _count_other_needs(need, now),
        _count_under_way(need),
        _count_partners(need.owner_id, now),
        _count_around(need),
        select_radius_of_town(need.cell).scalar_subquery(),
        select(func.max(Asked.asked_at)).where(Asked.listing_id == need.listing_id).scalar_subquery(),
        select(func.max(Asked.asked_at)).where(*week).scalar_subquery(),
    )
    asks, needs, under_way, partners, around, told_m, wave_at, ask_at = db.session.execute(select(*parts)).one()
    circle_m = told_m or count_radius(need.cell)
    circle_m = None if circle_m == RADII_M[-1] else circle_m
    return AskerUsage(asks, needs, under_way, partners, around, circle_m, wave_at, ask_at)


def count_again(usage: AskerUsage, need: Need, now: datetime) -> AskerUsage:
    """The same with the asks as they are by now, under the lock that other needs of theirs wait for; one statement."""
    others = func.count(Asked.listing_id.distinct()).filter(Asked.listing_id != need.listing_id)
    week = select(func.count(), others, func.max(Asked.asked_at)).where(*_week_of(need.owner_id, now))
    asks, other_needs, last_ask_at = db.session.execute(week).one()
    return replace(usage, asks=asks, other_needs=other_needs, last_ask_at=last_ask_at)


def find_next_ask_at(asker_id: UUID, quota: int, now: datetime) -> datetime | None:
    """When as many asks as a need begins with fall out of somebody's week of so many; one statement."""
    week = select(Asked.asked_at).where(*_week_of(asker_id, now))
    newest = week.order_by(Asked.asked_at.desc()).offset(max(0, quota - FIRST_ASKS)).limit(1)
    asked_at = db.session.scalar(newest)
    return None if asked_at is None else asked_at + WEEK


def is_unasked_today(user_id: UUID, now: datetime) -> bool:
    """Whether someone was asked for nothing within a day; one statement."""
    asked = exists().where(Asked.user_id == user_id, Asked.asked_at > now - DAY)
    return not db.session.scalar(select(asked))


def list_waiting_behind(owner_id: UUID, limit: int) -> Sequence[UUID]:
    """Needs of somebody that wait for others of theirs, those first that have waited longest; one statement."""
    waiting = (
        select(Ask.listing_id)
        .join(Listing, Listing.id == Ask.listing_id)
        .where(Listing.owner_id == owner_id, Listing.status == "published", Ask.waits_for == "other_needs")
    )
    return db.session.scalars(waiting.order_by(Listing.created_at, Listing.id).limit(limit)).all()


def _week_of(asker_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Asked.asker_id == asker_id, Asked.asked_at > now - WEEK


def _count_other_needs(need: Need, now: datetime) -> ScalarSelect[Any]:
    others = select(func.count(Asked.listing_id.distinct())).where(*_week_of(need.owner_id, now))
    return others.where(Asked.listing_id != need.listing_id).scalar_subquery()


def _count_under_way(need: Need) -> ScalarSelect[Any]:
    """Those that wait for something take up no place."""
    others = (
        select(func.count())
        .select_from(Ask)
        .join(Listing, Listing.id == Ask.listing_id)
        .where(Listing.owner_id == need.owner_id, Listing.status == "published", Listing.id != need.listing_id)
        .where(Ask.state.in_(UNDER_WAY), Ask.waits_for.is_(None), Ask.wave > 0)
    )
    return others.scalar_subquery()


def _count_partners(user_id: UUID, now: datetime) -> ScalarSelect[Any]:
    met = select(other_side(user_id).label("other_id")).where(
        or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id),
        Exchange.state.in_(MET),
        Exchange.created_at > now - YEAR,
    )
    some = met.distinct().limit(MOST_PARTNERS).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _count_around(need: Need) -> ScalarSelect[Any]:
    """Once more than would change anything are found no more are counted; nor so near that it would tell of anybody."""
    box = literal(cells.box_around(need.cell, max(need.radius_m, NEAR_M)), Box())
    within = select(Home.user_id).where(Home.location.op("<@", is_comparison=True)(box), Home.user_id != need.owner_id)
    return select(func.count()).select_from(within.limit(MOST_COUNTED_AROUND).subquery()).scalar_subquery()
