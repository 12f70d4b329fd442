"""Looking around: what the neighbours offer and ask for, and how much goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.api.pagination import Page
from neighbourly.core.bands import band_of
from neighbourly.core.cells import Cell
from neighbourly.core.db import db
from neighbourly.listings import categories
from neighbourly.listings.filing import unknown_category
from neighbourly.places.errors import HomeMissing
from neighbourly.places.looking import look_from
from neighbourly.search import selectors
from neighbourly.search.models import NeighbourhoodFigures
from neighbourly.search.near import Wanted, find_near

FIGURES_A_BATCH = 200
TOLD_FOR = timedelta(days=7)
"""How long a neighbourhood's figures stay as they were told."""
AN_HOUR = timedelta(hours=1)


def list_listings(
    *,
    actor: Actor,
    wanted: Wanted,
    near: Cell | None = None,
    radius_m: int | None = None,
    limit: int,
    cursor: str | None,
) -> Page:
    """One looks from home and as far as one's reach, or from another place, of which there are only so many (LOC-07).

    The items are `ListingSummary`s. Raises `HomeMissing`, `TooManyRequests` and 422s.
    """
    if wanted.category is not None and categories.get(wanted.category) is None:
        raise unknown_category()
    here = near or selectors.find_home_cell(actor.id)
    if here is None:
        raise HomeMissing()
    if near is not None:
        look_from(actor=actor, cell=near)
    return Page(*find_near(wanted, viewer_id=actor.id, near=here, radius_m=radius_m, limit=limit, cursor=cursor))


def recount_life() -> int:
    """Count the next neighbourhoods whose figures are a week old, or new, into bands; how many they were (LOC-12)."""
    now = clock.now()
    due = selectors.list_life_counts(before=now - TOLD_FOR + AN_HOUR, limit=FIGURES_A_BATCH)
    rows = [_figures(row) | {"counted_at": now} for row in due]
    if rows:
        fresh = insert(NeighbourhoodFigures).values(rows)
        told = {name: fresh.excluded[name] for name in (*selectors.COUNTED, "counted_at")}
        db.session.execute(fresh.on_conflict_do_update(index_elements=[NeighbourhoodFigures.territory_id], set_=told))
    return len(rows)


def _figures(row: Any) -> dict[str, Any]:
    bands = {name: band_of(getattr(row, name), getattr(row, f"told_{name}")) for name in selectors.COUNTED}
    return {"territory_id": row.id} | bands
