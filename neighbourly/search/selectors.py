"""Reading what is near: from where someone looks, and which neighbourhoods lie around a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    ScalarSelect,
    String,
    Uuid,
    bindparam,
    func,
    literal,
    or_,
    outerjoin,
    select,
)

from neighbourly.core import cells
from neighbourly.core.api.pagination import Key, Page, page, uuid
from neighbourly.core.bands import MOST, name_of
from neighbourly.core.db import Read, db, whole
from neighbourly.core.errors import NotFound
from neighbourly.listings.models import Listing
from neighbourly.places.models import Home
from neighbourly.places.precision import NAMES
from neighbourly.places.selectors import settled_homes
from neighbourly.search.models import NeighbourhoodFigures
from neighbourly.territories.models import Territory, TerritoryCell

COUNTED = ("neighbours", "offers", "requests")
"""What is counted of a neighbourhood."""
AROUND = 2
"""Neighbourhoods are looked for this many cells of resolution 7 away: some five kilometres."""


@dataclass(frozen=True)
class Life:
    """How much goes on in a neighbourhood, in bands that are counted once a week (LOC-12)."""

    neighbours: str
    offers: str
    requests: str
    associations: str


@dataclass(frozen=True)
class Neighbourhood:
    """A neighbourhood as anyone may see it; `boundary` is GeoJSON, None where there is none or it was not asked for."""

    id: UUID
    code: str
    name: str
    finest_precision: str
    life: Life
    boundary: Mapping[str, Any] | None = None


_HOME_CELL = Read(select(Home.cell).where(Home.user_id == bindparam("user", type_=Uuid())))


def find_home_cell(user_id: UUID) -> cells.Cell | None:
    """Where someone looks from who says nothing else; one statement."""
    return next((cell for (cell,) in _HOME_CELL.rows(user=user_id)), None)


def list_neighbourhoods(near: cells.Cell, *, limit: int, cursor: str | None) -> Page:
    """Neighbourhoods within some five kilometres of the cell's centre, nearest first; one statement.

    Each is as far away as the nearest of its cells; what is nobody else's is the installation's own.
    """
    away = _ways_from(near)
    statement = select(*_COLUMNS, away.c.away).select_from(_FIGURED.join(away, away.c.id == Territory.id))
    keys = (Key("away", away.c.away, int), Key("id", Territory.id, uuid))
    rows, following = page(statement, keys, limit=limit, cursor=cursor)
    return Page([_shown(row) for row in rows], following)


def get_neighbourhood(neighbourhood_id: UUID) -> Neighbourhood:
    """One neighbourhood with its boundary, or `NotFound`; one statement."""
    statement = select(*_COLUMNS, Territory.boundary).select_from(_FIGURED).where(Territory.id == neighbourhood_id)
    row = db.session.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound()
    return _shown(row, row["boundary"])


def _ways_from(near: cells.Cell) -> Any:
    """A subquery of territories' ids with their distance in metres, `away`."""
    town = cells.coarsen(cells.centre_child(near), cells.TOWN)
    around = sorted(cell for each in cells.rings(town, AROUND) for cell in cells.children(each, cells.STREET))
    ways = [cells.metres_between(near, cell) for cell in around]
    reached = func.unnest(literal(around, ARRAY(String())), literal(ways, ARRAY(Integer()))).table_valued(
        "cell", "away"
    )
    reached = reached.render_derived()
    own = select(Territory.id).where(Territory.is_own).scalar_subquery()
    whose = func.coalesce(TerritoryCell.territory_id, own)
    return (
        select(whose.label("id"), func.min(reached.c.away, type_=Integer()).label("away"))
        .select_from(reached.outerjoin(TerritoryCell, TerritoryCell.cell == reached.c.cell))
        .group_by(whose)
        .subquery()
    )


def _counted(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many rows there are for a territory, counted no further than the bands need."""
    some = select(literal(1)).where(*conditions).limit(MOST).correlate(Territory).subquery()
    return whole(select(func.count()).select_from(some).correlate(Territory).scalar_subquery())


def _shown_here(direction: str) -> ScalarSelect[int]:
    return _counted(
        Listing.neighbourhood_id == Territory.id, Listing.status == "published", Listing.direction == direction
    )


def list_life_counts(*, before: datetime, limit: int) -> Sequence[Any]:
    """Neighbourhoods counted before then, or never: their `COUNTED`, as told (`told_…`) and as it is now; locked."""
    told = (getattr(NeighbourhoodFigures, name).label(f"told_{name}") for name in COUNTED)
    due = (
        select(
            Territory.id,
            *told,
            _counted(Home.neighbourhood_id == Territory.id, settled_homes()).label("neighbours"),
            _shown_here("offer").label("offers"),
            _shown_here("request").label("requests"),
        )
        .outerjoin(NeighbourhoodFigures, NeighbourhoodFigures.territory_id == Territory.id)
        .where(or_(NeighbourhoodFigures.counted_at.is_(None), NeighbourhoodFigures.counted_at < before))
        .order_by(Territory.id)
        .limit(limit)
        .with_for_update(of=Territory, key_share=True)
    )
    return db.session.execute(due).all()


_COLUMNS: tuple[ColumnElement[Any] | Any, ...] = (
    Territory.id,
    Territory.code,
    Territory.name,
    Territory.finest_resolution,
    *(func.coalesce(getattr(NeighbourhoodFigures, name), 0).label(name) for name in COUNTED),
)
_FIGURED = whole(outerjoin(Territory, NeighbourhoodFigures, NeighbourhoodFigures.territory_id == Territory.id))


def _shown(row: Mapping[Any, Any], boundary: Mapping[str, Any] | None = None) -> Neighbourhood:
    life = Life(**{name: name_of(row[name]) for name in COUNTED}, associations=name_of(0))
    return Neighbourhood(row["id"], row["code"], row["name"], NAMES[row["finest_resolution"]], life, boundary)
