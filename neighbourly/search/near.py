"""The near search: one statement a page, made once for each set of filters and from then on only given its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Double, Integer, Select, String, Uuid, bindparam, cast, func, select, true
from sqlalchemy.dialects.postgresql import REGCONFIG

from neighbourly.accounts.models import User
from neighbourly.core import cells
from neighbourly.core.api.pagination import Key, after, decode, encode, moment, uuid
from neighbourly.core.db import Point, Read, metres_apart
from neighbourly.listings.categories import with_descendants
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import visible
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.preferences.models import Preferences

REACH_M = 5000
"""How far to look for someone whose preferences say nothing."""

_VIEWER = bindparam("viewer", type_=Uuid())
_Q = bindparam("q", type_=String())
_LIMIT = bindparam("limit", type_=Integer())
_CELL = select(*COLUMNS).selected_columns.keys().index("cell")


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

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "kind": Listing.kind == bindparam("kind", type_=String()),
    "direction": Listing.direction == bindparam("direction", type_=String()),
    "category": Listing.category == bindparam("category", type_=String()),
    "q": Listing.words.op("@@")(_QUERY),
}
"""By the name of the value that each takes; `categories`, being several, is asked for in another way."""

_NEWEST = (Key("created_at", Listing.created_at, moment, descending=True), Key("id", Listing.id, uuid))
_NEAREST = (Key("away", _AWAY, float), *_NEWEST)
SORTS: Mapping[str, tuple[Key, ...]] = {
    "distance": _NEAREST,
    "recent": _NEWEST,
    "relevance": (Key("rank", _RANK, float, descending=True), *_NEAREST),
}
"""Total orders, by the name of the sort; no two have as many keys, so that no cursor of one passes for another's."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None filters nothing. `category` is one of the tree's; without `q` nothing has a rank."""

    kind: str | None = None
    direction: str | None = None
    category: str | None = None
    q: str | None = None
    sort: str = "distance"

    @property
    def order(self) -> str:
        """The sort in force."""
        return "distance" if self.sort == "relevance" and not self.q else self.sort

    def values(self) -> dict[str, Any]:
        """The filters that are set, with what they take."""
        family = with_descendants(self.category) if self.category else ()
        given = {
            "kind": self.kind,
            "direction": self.direction,
            "category": self.category if len(family) == 1 else None,
            "categories": list(family) if len(family) > 1 else None,
            "q": self.q or None,
        }
        return {name: value for name, value in given.items() if value is not None}


def find_near(
    wanted: Wanted, *, viewer_id: UUID, near: cells.Cell, radius_m: int | None, limit: int, cursor: str | None
) -> tuple[list[ListingSummary], str | None]:
    """One page of others' visible listings at most `radius_m` whole metres from the cell's centre; one statement.

    Without a radius one looks as far as one's reach. Distances, and what is within the radius, are reckoned from cell
    to cell alone. Raises the 422 `bad_cursor`.
    """
    filters = wanted.values()
    keys = SORTS[wanted.order]
    beyond = {} if cursor is None else dict(zip(_cursor_names(keys), decode(cursor, keys), strict=True))
    place = {"here": cells.mercator(near), "stretch": cells.mercator_reach(1, near), "radius_m": radius_m}
    statement = _statement(frozenset(filters), wanted.order, bool(beyond))
    rows = statement.rows(viewer=viewer_id, limit=limit + 1, **place, **filters, **beyond)
    away = cells.metres_from(near)
    items = [summary(row, away(row[_CELL])) for row in rows[:limit]]
    if len(rows) <= limit:
        return items, None
    last = dict(zip(statement.columns, rows[limit - 1], strict=True))
    return items, encode([last[key.name] for key in keys])


@cache
def _statement(filters: frozenset[str], order: str, continued: bool) -> Read:
    """The statement with these filters in this order, from the beginning or after a cursor.

    A family of categories is asked for one by one, and the nearest of all taken: the index over category and place
    gives each in order, where a list of categories would have it fetch and sort every listing within the radius.
    """
    found = _found(filters - {"categories"}, order, continued)
    if "categories" not in filters:
        return Read(found)
    family = func.unnest(bindparam("categories", type_=ARRAY(String()))).table_valued("category").render_derived()
    each = found.where(Listing.category == family.c.category).lateral()
    keys = [replace(key, column=each.c[key.name]) for key in SORTS[order]]
    nearest = select(each).select_from(family.join(each, true()))
    return Read(nearest.order_by(*(key.order() for key in keys)).limit(_LIMIT))


def _found(filters: frozenset[str], order: str, continued: bool) -> Select[*tuple[Any, ...]]:
    """The nearest within the circle, by an index over the place."""
    keys = SORTS[order]
    computed: list[ColumnElement[Any]] = [key.column.label(key.name) for key in keys[: -len(_NEWEST)]]
    conditions = [
        *visible(_VIEWER),
        Listing.owner_id != _VIEWER,
        Listing.location.op("<@", is_comparison=True)(_CIRCLE),
        *(FILTERS[name] for name in sorted(filters)),
    ]
    if continued:
        conditions.append(after(keys, [bindparam(name) for name in _cursor_names(keys)]))
    found = select(*COLUMNS, *computed).join(User, User.id == Listing.owner_id).where(*conditions)
    return found.order_by(*(key.order() for key in keys)).limit(_LIMIT)


def _cursor_names(keys: Sequence[Key]) -> list[str]:
    return [f"after_{key.name}" for key in keys]
