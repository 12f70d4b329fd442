"""What a need could be put to: each way of finding it takes the nearest from an index over the place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    LargeBinary,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    Uuid,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, Range, array

from neighbourly.bookings.wanted import AT_PRESENT, CAN_BE_HAD, CAN_BE_HAD_FOR_A_WHILE, WANTED
from neighbourly.core import cells, clock
from neighbourly.core.db import Box, Point, db, metres_apart
from neighbourly.core.language import encoding
from neighbourly.listings import categories
from neighbourly.listings.models import Listing, Meaning
from neighbourly.matching.models import Asked
from neighbourly.matching.people import Lead, Need
from neighbourly.matching.rule import OFFERS_WEIGHED, UNKNOWN
from neighbourly.matching.scoring import family
from neighbourly.places.models import Home
from neighbourly.preferences.models import Interest, Preferences

CONFIGURATIONS = ("neighbourly_fr", "neighbourly_en")
PLANNED_ANEW = {"planned_anew": True}
"""Boxes and words decide which index is the right one: a plan for all values is a slow one for some."""
_PUBLISHED = literal_column("'published'", String())
"""Part of the SQL and no parameter: the indexes are over what is published alone."""


@dataclass(frozen=True)
class Look:
    """One look around a need: for listings of which direction, and how many of each way of finding them."""

    need: Need
    direction: str
    most: int = OFFERS_WEIGHED
    unasked: bool = False
    """Whether those who were asked for the need already are passed over, so that others come within `most`."""


@dataclass(frozen=True)
class Leads:
    """Reasons to put a need to people; `cut` where there may be more beyond the most that were looked at."""

    found: list[Lead]
    cut: bool


def list_leads(need: Need, *, unasked: bool = False, farther: int = 1) -> Leads:
    """Every reason to put the need to someone whose own reach holds it: offers and interests; one statement.

    `unasked`: of those alone who were not asked for it yet. `farther`: so many times as many are looked at.
    """
    look = Look(need, "offer", OFFERS_WEIGHED * farther, unasked)
    statements = [_by_offer(look), _by_interest(look)] if need.category else [_by_offer(look)]
    rows = db.session.execute(union_all(*statements), wanted_values(need), execution_options=PLANNED_ANEW).all()
    likes = likenesses(need, [row.vector for row in rows])
    found = [lead_of(need, row, like) for row, like in zip(rows, likes, strict=True) if row.reached]
    return Leads(found, cut=len(rows) >= look.most)


def _by_offer(look: Look) -> Select[Any]:
    offers = listings_meeting(look)
    reached = Preferences.reach.op("@>", is_comparison=True)(_here(look.need))
    return select(
        offers.c.owner_id,
        offers.c.id,
        offers.c.category,
        offers.c.cell,
        offers.c.held,
        offers.c.vector,
        offers.c.free,
        offers.c.updated_at,
        reached.label("reached"),
    ).join(Preferences, Preferences.user_id == offers.c.owner_id)


def lead_of(need: Need, row: Any, like: float | None) -> Lead:
    """A row as a reason to put the need to its person."""
    age_days = None if row.updated_at is None else max(0, (clock.now() - row.updated_at).days)
    return Lead(
        user_id=row.owner_id,
        by="offer" if row.id else "interest",
        offer_id=row.id,
        category=row.category,
        cell=row.cell,
        words=held_words(need, row.held),
        like=like,
        free=row.free,
        age_days=age_days,
    )


def _unasked(look: Look, user_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    if not look.unasked:
        return true()
    return user_id.not_in(select(Asked.user_id).where(Asked.listing_id == look.need.listing_id))


def _by_interest(look: Look) -> Select[Any]:
    """The nearest of those interested in the category or in its parent."""
    need = look.need
    nearest = (
        _interests(need)
        .where(_unasked(look, Interest.user_id))
        .order_by(metres_apart(Home.location, literal(cells.mercator(need.cell), Point())))
        .limit(look.most)
    )
    return select(nearest.subquery())


def _interests(need: Need) -> Select[Any]:
    """Interests in the category or its parent whose reach holds the need, in the columns of `_by_offer`."""
    wanted = (need.category, *categories.ancestors(need.category or ""))
    return (
        select(
            Interest.user_id.label("owner_id"),
            cast(null(), Uuid()).label("id"),
            Interest.category,
            Home.cell,
            _NO_FLAGS.label("held"),
            cast(null(), LargeBinary()).label("vector"),
            cast(literal(UNKNOWN), Double()).label("free"),
            cast(null(), Listing.updated_at.type).label("updated_at"),
            literal(True).label("reached"),
        )
        .join(Home, Home.user_id == Interest.user_id)
        .where(
            Interest.category.in_(wanted),
            Interest.reach.op("@>", is_comparison=True)(_here(need)),
            Interest.user_id != need.owner_id,
        )
    )


def listings_meeting(look: Look) -> Subquery:
    """Published listings in the box of the need that are of its family, hold one of its words, or may mean the same.

    Of each of these ways only the nearest. Columns: `id, owner_id, category, cell, location, updated_at`, `held` (for
    each word of the need whether it is held), `vector` (of the need's encoder, or null) and `free` (0 to 1).
    Runs with the values of `wanted_values`.
    """
    need = look.need
    found = union_all(*_ways(look)).subquery("found")
    ids = select(found.c.id).distinct().subquery("ids")
    return (
        select(
            Listing.id,
            Listing.owner_id,
            Listing.category,
            Listing.cell,
            Listing.location,
            Listing.updated_at,
            _held_words(need).label("held"),
            Meaning.vector.label("vector"),
            _free(look).label("free"),
        )
        .join(ids, ids.c.id == Listing.id)
        .outerjoin(Meaning, _same_encoder(need))
        .subquery()
    )


def _held_words(need: Need) -> ColumnElement[Any]:
    """For each word of the need whether a listing holds it."""
    return array([_holds(word) for word in need.words]) if need.words else _NO_FLAGS


def _same_encoder(need: Need) -> ColumnElement[bool]:
    """That a meaning is a listing's, by the encoder that read the need."""
    return and_(Meaning.listing_id == Listing.id, Meaning.encoder == need.encoder)


def _ways(look: Look) -> list[Select[Any]]:
    need = look.need
    ways = [select(Listing.id).where(literal(False))]
    if need.category:
        ways.append(_of_kin(look))
    if need.words:
        ways.append(_ids(_nearest(look, _holds_any(need.words), _of_kind(need.kind))))
    if need.vector is not None:
        ways += _like_ways(look)
    return ways


def _like_ways(look: Look) -> list[Select[Any]]:
    """The nearest of the kind by its index, and of the nearest of any kind those of which nobody said the kind."""
    kind = look.need.kind
    if kind is None:
        return [_ids(_nearest(look))]
    near = _nearest(look).add_columns(Listing.kind, Listing.guessed).subquery()
    unsaid = or_(near.c.kind.is_(None), literal("kind") == any_(near.c.guessed))
    return [_ids(_nearest(look, Listing.kind == kind)), select(near.c.id).where(unsaid)]


def list_leads_of(need: Need, user_ids: Collection[UUID]) -> list[Lead]:
    """Every reason to put the need to one of these whose own reach holds it, wherever they live; one statement."""
    here = _here(need)
    offers = (
        _offers(need)
        .add_columns(Preferences.reach.op("@>", is_comparison=True)(here).label("reached"))
        .join(Preferences, Preferences.user_id == Listing.owner_id)
        .where(Listing.owner_id.in_(user_ids), _of_kind(need.kind))
        .order_by(Listing.created_at.desc())
        .limit(OFFERS_WEIGHED)
    )
    by_offer = select(offers.subquery())
    statements = [by_offer, _interests(need).where(Interest.user_id.in_(user_ids))] if need.category else [by_offer]
    rows = db.session.execute(union_all(*statements)).all()
    likes = likenesses(need, [row.vector for row in rows])
    return [lead_of(need, row, like) for row, like in zip(rows, likes, strict=True) if row.reached]


def own_offers(need: Need, owner_id: UUID) -> Select[Any]:
    """What one person offers, newest first, with the columns by which `lead_of` knows how it would meet the need."""
    offers = _offers(need).add_columns(Listing.title)
    return offers.where(Listing.owner_id == owner_id).order_by(Listing.created_at.desc())


def _offers(need: Need) -> Select[Any]:
    """Published offers wherever they are, in the columns of `_by_offer`."""
    return (
        select(
            Listing.owner_id,
            Listing.id,
            Listing.category,
            Listing.cell,
            _held_words(need).label("held"),
            Meaning.vector.label("vector"),
            cast(literal(UNKNOWN), Double()).label("free"),
            Listing.updated_at,
        )
        .outerjoin(Meaning, _same_encoder(need))
        .where(Listing.direction == "offer", Listing.status == "published")
    )


def _of_kin(look: Look) -> Select[Any]:
    """Each category of the family by itself, so that the index gives the nearest of each in order."""
    kin = family(look.need.category or "")
    wanted = func.unnest(literal(list(kin), ARRAY(String()))).table_valued("category").render_derived("kin")
    each = _nearest(look, Listing.category == wanted.c.category).lateral("each")
    return select(each.c.id).select_from(wanted.join(each, true()))


def _ids(nearest: Select[Any]) -> Select[Any]:
    """A part of a union, where its order and limit are its own."""
    found = nearest.subquery()
    return select(found.c.id)


def _nearest(look: Look, *conditions: ColumnElement[bool]) -> Select[Any]:
    need = look.need
    box = cells.box_around(need.cell, need.radius_m)
    here = literal(cells.mercator(need.cell), Point())
    within = (
        Listing.status == _PUBLISHED,
        Listing.direction == look.direction,
        Listing.owner_id != need.owner_id,
        _unasked(look, Listing.owner_id),
        Listing.location.op("<@", is_comparison=True)(literal(box, Box())),
    )
    nearest = select(Listing.id).where(*within, *conditions)
    return nearest.order_by(metres_apart(Listing.location, here)).limit(look.most)


def _free(look: Look) -> ColumnElement[float]:
    """Free all the time that the need names, a part of it, or never; where it names none, at any time until its end."""
    need = look.need
    if look.direction != "offer" or need.needed_until is None:
        return cast(literal(UNKNOWN), Double())
    at_all = case((CAN_BE_HAD_FOR_A_WHILE, UNKNOWN if need.needed_from else 1.0), else_=0.0)
    free = case((CAN_BE_HAD, 1.0), else_=at_all) if need.needed_from else at_all
    return cast(free, Double())


def wanted_values(need: Need) -> dict[str, Any]:
    """What a statement over `listings_meeting` takes: the time for which it is wanted, if still to come."""
    if need.needed_until is None:
        return {}
    now = clock.now()
    return {WANTED: _span(max(now, need.needed_from or now), need.needed_until), AT_PRESENT: now}


def _span(begins: datetime, ends: datetime) -> Range[datetime]:
    return Range(begins, ends) if begins < ends else Range(begins, begins, bounds="[]")


def _of_kind(kind: str | None) -> ColumnElement[bool]:
    """What was filed under no kind, or under a guessed one, may be of any."""
    if kind is None:
        return true()
    return or_(Listing.kind == kind, Listing.kind.is_(None), literal("kind") == any_(Listing.guessed))


def held_words(need: Need, held: Sequence[bool]) -> tuple[str, ...]:
    """The words of the need that a listing holds, from its flags."""
    return tuple(word for word, holds in zip(need.words, held, strict=False) if holds)


def likenesses(need: Need, packed: Sequence[bytes | None]) -> list[float | None]:
    """How like each of these vectors is to the need's; None where one of the two is missing."""
    known = [vector for vector in packed if vector is not None]
    if need.vector is None or not known:
        return [None] * len(packed)
    found = iter(np.round(encoding.unpack(known) @ need.vector, 4).tolist())
    return [None if vector is None else next(found) for vector in packed]


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
