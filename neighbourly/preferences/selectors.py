"""Reading preferences, and how far near is for someone who left it open."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from neighbourly.core import cells
from neighbourly.core.db import Point, db, locked, metres_apart
from neighbourly.core.errors import NotFound
from neighbourly.places.models import Home
from neighbourly.preferences.density import ENOUGH_NEIGHBOURS, radius_holding
from neighbourly.preferences.models import Interest, Preferences


def get_preferences(user_id: UUID, *, lock: bool = False) -> Preferences:
    """What someone wants to be asked, or `NotFound`."""
    statement = select(Preferences).where(Preferences.user_id == user_id)
    found = locked(statement) if lock else db.session.get(Preferences, user_id)
    if found is None:
        raise NotFound()
    return found


def has_interests(user_id: UUID) -> bool:
    """Whether someone named at least one category."""
    return db.session.scalar(select(Interest.user_id).where(Interest.user_id == user_id).limit(1)) is not None


def radius_around(cell: cells.Cell) -> int:
    """The smallest of 1, 2, 5, 10 and 20 km that holds 50 neighbours around a cell with homes; one statement."""
    away = metres_apart(Home.location, literal(cells.mercator(cell), Point()))
    # The one who lives there is the first of the row, so that the neighbour who counts stands one place further.
    distance = db.session.scalar(select(away).order_by(away).offset(ENOUGH_NEIGHBOURS).limit(1))
    return radius_holding(None if distance is None else distance / cells.mercator_reach(1, cell))


def radii_after(cell: cells.Cell, limit: int) -> Sequence[tuple[cells.Cell, int]]:
    """The next cells with homes in the order of their names, and the radius that holds 50 neighbours; one statement."""
    inhabited = select(Home.cell, Home.location).ext(distinct_on(Home.cell)).where(Home.cell > cell)
    here = inhabited.order_by(Home.cell).limit(limit).subquery()
    other = Home.__table__.alias("other")
    away = metres_apart(other.c.location, here.c.location)
    farthest = select(away).order_by(away).offset(ENOUGH_NEIGHBOURS).limit(1).scalar_subquery()
    rows = db.session.execute(select(here.c.cell, farthest).order_by(here.c.cell))
    return [(at, radius_holding(None if far is None else far / cells.mercator_reach(1, at))) for at, far in rows]
