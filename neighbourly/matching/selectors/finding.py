"""Whom a need could be put to: every condition of place is a box in a GiST index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Subquery,
    Uuid,
    any_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, array

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.core import cells
from neighbourly.core.db import Box, db
from neighbourly.listings import categories
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Asked
from neighbourly.matching.people import Lead, Need, Person
from neighbourly.matching.rule import MONTH, WEEK
from neighbourly.matching.scoring import family
from neighbourly.places.models import Home
from neighbourly.preferences.models import Interest, Preferences

CONFIGURATIONS = ("neighbourly_fr", "neighbourly_en")


def list_leads(need: Need) -> list[Lead]:
    """Every reason to put the need to someone whose own reach holds it: offers and interests; one statement."""
    offers = listings_meeting(need, "offer")
    reached = Preferences.reach.op("@>", is_comparison=True)(_here(need))
    by_offer = (
        select(offers.c.owner_id, offers.c.id, offers.c.category, offers.c.held)
        .join(Preferences, Preferences.user_id == offers.c.owner_id)
        .where(reached)
    )
    statements = [by_offer, _by_interest(need)] if need.category else [by_offer]
    rows = db.session.execute(union_all(*statements))
    return [
        Lead(user_id, "offer" if offer_id else "interest", offer_id, category, held_words(need, held))
        for user_id, offer_id, category, held in rows
    ]


def _by_interest(need: Need) -> Select[Any]:
    wanted = (need.category, *categories.ancestors(need.category or ""))
    return select(Interest.user_id, cast(null(), Uuid()), Interest.category, _NO_FLAGS).where(
        Interest.category.in_(wanted),
        Interest.reach.op("@>", is_comparison=True)(_here(need)),
        Interest.user_id != need.owner_id,
    )


def listings_meeting(need: Need, direction: str) -> Subquery:
    """Published listings in the box of the need that are of its family or hold one of its words.

    Columns: `id, owner_id, category, cell, location` and `held`, for each word of the need whether it is held.
    """
    kin = family(need.category) if need.category else ()
    parts = []
    if kin:
        parts.append(_listings(need, direction).where(Listing.category.in_(kin)))
    if need.words:
        others = or_(Listing.category.is_(None), Listing.category.not_in(kin))
        parts.append(_listings(need, direction).where(_holds_any(need.words), others, _of_kind(need.kind)))
    return union_all(*(parts or [_listings(need, direction).where(literal(False))])).subquery()


def _listings(need: Need, direction: str) -> Select[Any]:
    flags = array([_holds(word) for word in need.words]) if need.words else _NO_FLAGS
    box = cells.box_around(need.cell, need.radius_m)
    return select(
        Listing.id, Listing.owner_id, Listing.category, Listing.cell, Listing.location, flags.label("held")
    ).where(
        Listing.status == "published",
        Listing.direction == direction,
        Listing.owner_id != need.owner_id,
        Listing.location.op("<@", is_comparison=True)(literal(box, Box())),
    )


def _of_kind(kind: str | None) -> ColumnElement[bool]:
    """What was filed under no kind may be of any."""
    return true() if kind is None else or_(Listing.kind == kind, Listing.kind.is_(None))


def held_words(need: Need, held: Sequence[bool]) -> tuple[str, ...]:
    """The words of the need that a listing holds, from its flags."""
    return tuple(word for word, holds in zip(need.words, held, strict=False) if holds)


def list_people(need: Need, user_ids: Collection[UUID], now: datetime) -> list[Person]:
    """What decides whether and when each of these may be asked; those without a home are left out. One statement."""
    lately = _asked_lately(now)
    statement = (
        select(
            User.id,
            Home.cell,
            User.state == "active",
            ~unblocked(need.owner_id, User.id),
            exists().where(Asked.listing_id == need.listing_id, Asked.user_id == User.id),
            exists().where(Answer.listing_id == need.listing_id, Answer.user_id == User.id),
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
        .where(User.id == any_(literal(list(user_ids), ARRAY(Uuid()))))
    )
    return [Person(*row) for row in db.session.execute(statement)]


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


def _here(need: Need) -> Any:
    """A point as the box that a GiST index over boxes can look for."""
    return literal(cells.mercator(need.cell) * 2, Box())


def _holds(word: str) -> ColumnElement[bool]:
    return Listing.words.op("@@", is_comparison=True)(_query(word))


def _holds_any(words: Sequence[str]) -> ColumnElement[bool]:
    query = _query(words[0])
    for word in words[1:]:
        query = query.op("||")(_query(word))
    return Listing.words.op("@@", is_comparison=True)(query)


def _query(word: str) -> ColumnElement[Any]:
    """The word in either language, whatever its ending and accents."""
    french, english = (func.plainto_tsquery(cast(configuration, REGCONFIG), word) for configuration in CONFIGURATIONS)
    return french.op("||")(english).self_group()


_NO_FLAGS: ColumnElement[Any] = cast(array([], type_=Boolean()), ARRAY(Boolean()))
