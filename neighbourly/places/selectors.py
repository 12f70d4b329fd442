"""Reading homes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.cells import TOWN, Cell, LatLon, centre, coarsen, resolution_of
from neighbourly.core.db import db, locked
from neighbourly.places.errors import HomeMissing
from neighbourly.places.models import Home
from neighbourly.places.precision import NAMES, finest_allowed
from neighbourly.territories.models import Territory
from neighbourly.territories.selectors import finest_resolutions, get_territory, territory_of, touching

SETTLED_AFTER = timedelta(days=30)
"""How long somebody has said to live in a neighbourhood before it counts: what is said costs nothing, a month does."""


@dataclass(frozen=True)
class Place:
    """A cell, and what may be known about it before anyone lives there."""

    cell: Cell
    finest_precision: str
    neighbourhood: Territory | None

    @property
    def centre(self) -> LatLon:
        """The cell's centre."""
        return centre(self.cell)


@dataclass(frozen=True)
class OwnHome(Place):
    """A home as its owner sees it; all of it follows from what is stored."""

    precision: str
    choices: list[Territory]
    """At `town`, the neighbourhoods that the cell touches; one may be chosen."""
    version: int
    updated_at: datetime


def find_home(user_id: UUID, *, lock: bool = False) -> Home | None:
    """Someone's home, if they have one."""
    return locked(select(Home).where(Home.user_id == user_id)) if lock else db.session.get(Home, user_id)


def hold_people_in(around: Collection[Cell]) -> None:
    """Let nobody who lives in these cells move or change what they are called until the transaction ends."""
    there = select(User.id).join(Home, Home.user_id == User.id).where(Home.cell.in_(around)).order_by(User.id)
    db.session.execute(there.with_for_update(of=User, key_share=True))


def get_home(user_id: UUID) -> Home:
    """Someone's home; raises `HomeMissing`."""
    home = find_home(user_id)
    if home is None:
        raise HomeMissing()
    return home


def is_settled(user_id: UUID, neighbourhood_id: UUID | None = None) -> bool:
    """Whether somebody has lived in their neighbourhood, which must be the given one if any, for `SETTLED_AFTER`."""
    statement = select(Home.user_id).where(Home.user_id == user_id, settled_homes())
    if neighbourhood_id is not None:
        statement = statement.where(Home.neighbourhood_id == neighbourhood_id)
    return db.session.scalar(statement) is not None


def settled_homes() -> ColumnElement[bool]:
    """The condition on `Home` that `is_settled` looks at, for statements over many."""
    return Home.since <= clock.now() - SETTLED_AFTER


def show_place(cell: Cell) -> Place:
    """What the map says of a cell of resolution 7 to 9."""
    return Place(cell, finest_precision(cell), territory_of(cell))


def show_home(home: Home) -> OwnHome:
    """A home as its owner sees it."""
    return OwnHome(
        cell=home.cell,
        finest_precision=finest_precision(home.cell),
        neighbourhood=get_territory(home.neighbourhood_id) if home.neighbourhood_id else None,
        precision=home.precision,
        choices=touching(home.cell) if resolution_of(home.cell) == TOWN else [],
        version=home.version,
        updated_at=home.updated_at,
    )


def finest_precision(cell: Cell) -> str:
    """The finest precision that is allowed in every part of the cell."""
    return NAMES[finest_allowed(cell, finest_resolutions(coarsen(cell, TOWN)))]


def neighbourhood_at(cell: Cell, chosen: UUID | None) -> UUID | None:
    """The neighbourhood of a home in that cell, from nothing but the cell and the person's choice (LOC-04, LOC-11).

    At `town`, where the cell may touch several, it is the one chosen among those of which enough households lie within
    the cell (LOC-12); a cell outside all of them belongs to the installation's own.
    """
    if resolution_of(cell) > TOWN:
        return territory_of(cell).id
    touched = touching(cell)
    if touched and all(territory.is_own for territory in touched):
        return touched[0].id
    return chosen if chosen in {territory.id for territory in touched} else None
