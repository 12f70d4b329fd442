"""Reading territories: whose a cell is, and how finely a home may be shown there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from neighbourly.core.cells import STREET, TOWN, Cell, centre_child, children
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound
from neighbourly.territories.models import Territory, TerritoryCell

CHANGING = 0x6E627465
"""The advisory lock around the map: shared by those who rely on it, held alone by those who change it."""


def hold_still() -> None:
    """No import changes a territory until this transaction ends; waits for one that is under way."""
    db.session.execute(select(func.pg_advisory_xact_lock_shared(CHANGING)))


def get_territory(territory_id: UUID) -> Territory:
    """A territory, or `NotFound`."""
    territory = db.session.get(Territory, territory_id)
    if territory is None:
        raise NotFound()
    return territory


def territory_of(cell: Cell) -> Territory:
    """The territory that holds the cell's centre; where there is none, the installation's own."""
    holder = select(TerritoryCell.territory_id).where(TerritoryCell.cell == centre_child(cell)).scalar_subquery()
    statement = select(Territory).where((Territory.id == holder) | Territory.is_own)
    return db.session.scalars(statement.order_by(Territory.is_own).limit(1)).one()


def touching(cell: Cell) -> list[Territory]:
    """Whose the cells within this one are, by name; the installation's own is last, where a part is nobody else's.

    The cell is of resolution 7 to 9.
    """
    within = children(cell, STREET)
    parts = select(TerritoryCell.territory_id, func.count().label("cells")).where(TerritoryCell.cell.in_(within))
    held = parts.group_by(TerritoryCell.territory_id).subquery()
    covered = select(func.coalesce(func.sum(held.c.cells), 0)).scalar_subquery()
    statement = select(Territory).where(
        Territory.id.in_(select(held.c.territory_id)) | (Territory.is_own & (covered < len(within)))
    )
    return list(db.session.scalars(statement.order_by(Territory.is_own, Territory.name, Territory.id)))


def finest_resolutions(town_cell: Cell) -> dict[Cell, int]:
    """How finely the density of its territory alone would allow each cell (resolution 9) of a cell of resolution 7.

    Outside all territories that is `TOWN`.
    """
    statement = select(TerritoryCell.cell, Territory.finest_resolution).join(
        Territory, Territory.id == TerritoryCell.territory_id
    )
    known = db.session.execute(statement.where(TerritoryCell.town_cell == town_cell)).all()
    return dict.fromkeys(children(town_cell, STREET), TOWN) | dict(known)
