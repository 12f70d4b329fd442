"""The near search: one statement a page, made once for each set of filters and from then on only given its values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from neighbourly.bookings.wanted import AT_PRESENT, WANTED
from neighbourly.core import cells, clock
from neighbourly.core.api.pagination import decode, encode
from neighbourly.core.db import Read
from neighbourly.listings.categories import with_descendants
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.search import widening
from neighbourly.search.statements import SORTS, cursor_names, found

_CELL = select(*COLUMNS).selected_columns.keys().index("cell")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None filters nothing. `category` is one of the tree's; without `q` nothing has a rank.

    With `during` only offers are found that can be had all that time, its end not included.
    """

    kind: str | None = None
    direction: str | None = None
    category: str | None = None
    q: str | None = None
    during: tuple[datetime, datetime] | None = None
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
            WANTED: Range(*self.during) if self.during else None,
        }
        return {name: value for name, value in given.items() if value is not None}


def find_near(
    wanted: Wanted, *, viewer_id: UUID, near: cells.Cell, radius_m: int | None, limit: int, cursor: str | None
) -> tuple[list[ListingSummary], str | None]:
    """One page of others' visible listings at most `radius_m` whole metres from the cell's centre; one statement.

    Without a radius one looks as far as one's reach. Where the words of `q` find little, what means the same comes
    after them on the one page that there is. Distances, and what is within the radius, are reckoned from cell to cell
    alone. Raises the 422 `bad_cursor`.
    """
    filters = wanted.values()
    keys = SORTS[wanted.order]
    beyond = {} if cursor is None else dict(zip(cursor_names(keys), decode(cursor, keys), strict=True))
    place = {"here": cells.mercator(near), "stretch": cells.mercator_reach(1, near), "radius_m": radius_m}
    values = {"viewer": viewer_id, "limit": limit + 1, AT_PRESENT: clock.now()} | place | filters
    reader = None if beyond else widening.reader_for(wanted.q)
    if reader is None:
        rows = _statement(frozenset(filters), wanted.order, bool(beyond)).rows(**values, **beyond)
    else:
        rows = widening.find_widened(reader, frozenset(filters), wanted.order, values)
    away = cells.metres_from(near)
    items = [summary(row, away(row[_CELL])) for row in rows[:limit]]
    if len(rows) <= limit:
        return items, None
    last = dict(zip(_columns(wanted.order), rows[limit - 1], strict=False))
    return items, encode([last[key.name] for key in keys])


@cache
def _columns(order: str) -> tuple[str, ...]:
    return tuple(found(frozenset(), order, continued=False).selected_columns.keys())


@cache
def _statement(filters: frozenset[str], order: str, continued: bool) -> Read:
    return Read(found(filters, order, continued=continued))
