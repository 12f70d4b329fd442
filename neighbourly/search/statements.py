"""The parts of the near search's statements: filters, orders, and what lies within the circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Integer,
    Select,
    String,
    TextClause,
    Uuid,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import REGCONFIG

from neighbourly.accounts.models import User
from neighbourly.bookings.wanted import CAN_BE_HAD, WANTED
from neighbourly.core import cells
from neighbourly.core.api.pagination import Key, after, moment, uuid
from neighbourly.core.db import Point, metres_apart
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import visible
from neighbourly.listings.summaries import COLUMNS
from neighbourly.preferences.models import Preferences

REACH_M = 5000
"""How far to look for someone whose preferences say nothing."""

_VIEWER = bindparam("viewer", type_=Uuid())
_Q = bindparam("q", type_=String())
_LIMIT = bindparam("limit", type_=Integer())


def _said_in(configuration: str) -> ColumnElement[Any]:
    return func.websearch_to_tsquery(cast(configuration, REGCONFIG()), _Q)


_HERE = bindparam("here", type_=Point())
_AWAY = metres_apart(Listing.location, _HERE)
_OWN_REACH = select(Preferences.reach_m).where(Preferences.user_id == _VIEWER).scalar_subquery()
_RADIUS_M = func.coalesce(bindparam("radius_m", type_=Integer()), _OWN_REACH, REACH_M)
_CIRCLE = func.circle(_HERE, (_RADIUS_M + cells.HALF_A_METRE) * bindparam("stretch", type_=Double()))
"""All that is told as at most so many whole metres away."""
_QUERY: ColumnElement[Any] = _said_in("neighbourly_fr").op("||")(_said_in("neighbourly_en"))
_RANK: ColumnElement[float] = cast(func.ts_rank(Listing.words, _QUERY), Double())
"""As a double: a cursor brings it back exactly."""

FILTERS: Mapping[str, ColumnElement[bool] | TextClause] = {
    "kind": Listing.kind == bindparam("kind", type_=String()),
    "direction": Listing.direction == bindparam("direction", type_=String()),
    "category": Listing.category == bindparam("category", type_=String()),
    "q": Listing.words.op("@@", is_comparison=True)(_QUERY),
    WANTED: CAN_BE_HAD,
}
"""By the name of the value that each takes; `categories`, being several, is asked for in another way."""

_NEWEST = (Key("created_at", Listing.created_at, moment, descending=True), Key("id", Listing.id, uuid))
NEAREST_FIRST = (Key("away", _AWAY, float), *_NEWEST)
SORTS: Mapping[str, tuple[Key, ...]] = {
    "distance": NEAREST_FIRST,
    "recent": _NEWEST,
    "relevance": (Key("rank", _RANK, float, descending=True), *NEAREST_FIRST),
}
"""Total orders, by the name of the sort; no two have as many keys, so that no cursor of one passes for another's."""


def found(filters: frozenset[str], order: str, *, continued: bool) -> Select[*tuple[Any, ...]]:
    """The listings with these filters in this order, from the beginning or after a cursor.

    A family of categories is asked for one by one, and the nearest of all taken: the index over category and place
    gives each in order, where a list of categories would have it fetch and sort every listing within the radius.
    """
    one = _found(filters - {"categories"}, order, continued)
    if "categories" not in filters:
        return one
    family = func.unnest(bindparam("categories", type_=ARRAY(String()))).table_valued("category").render_derived()
    each = one.where(Listing.category == family.c.category).lateral()
    keys = [replace(key, column=each.c[key.name]) for key in SORTS[order]]
    nearest = select(each).select_from(family.join(each, true()))
    return nearest.order_by(*(key.order() for key in keys)).limit(_LIMIT)


def within() -> tuple[ColumnElement[bool], ...]:
    """That a listing is somebody else's, may be seen, and lies within the circle."""
    return *visible(_VIEWER), Listing.owner_id != _VIEWER, Listing.location.op("<@", is_comparison=True)(_CIRCLE)


def _found(filters: frozenset[str], order: str, continued: bool) -> Select[*tuple[Any, ...]]:
    """The nearest within the circle, by an index over the place."""
    keys = SORTS[order]
    computed: list[ColumnElement[Any]] = [key.column.label(key.name) for key in keys[: -len(_NEWEST)]]
    conditions = [*within(), *(FILTERS[name] for name in sorted(filters))]
    if continued:
        conditions.append(after(keys, [bindparam(name) for name in cursor_names(keys)]))
    nearest = select(*COLUMNS, *computed).join(User, User.id == Listing.owner_id).where(*conditions)
    return nearest.order_by(*(key.order() for key in keys)).limit(_LIMIT)


def cursor_names(keys: Sequence[Key]) -> list[str]:
    """The parameters that hold a cursor's values."""
    return [f"after_{key.name}" for key in keys]
