"""Reading territories: whose a cell is, and how finely a home may be shown there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from neighbourly.core.cells import (
    LEAST_HOUSEHOLDS,
    STREET,
    TOWN,
    Cell,
    centre_child,
    children,
    holds_enough,
    resolution_of,
)
from neighbourly.core.cells.precision import CELLS_A_DISTRICT
from neighbourly.core.db import aliased, db
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

    The cell is of resolution 7 to 9. Of one at `TOWN`, where people choose, without those of which too few households
    lie within it: whoever chose them would be told more finely than the cell tells (LOC-12). One statement.
    """
    within = children(cell, STREET)
    of = aliased(TerritoryCell, name="whole")
    whole = select(func.count()).where(of.territory_id == Territory.id).correlate(Territory).scalar_subquery()
    parts = select(TerritoryCell.territory_id, func.count().label("cells")).where(TerritoryCell.cell.in_(within))
    held = parts.group_by(TerritoryCell.territory_id).subquery()
    covered = select(func.coalesce(func.sum(held.c.cells), 0)).scalar_subquery()
    its = func.coalesce(held.c.cells, len(within) - covered)
    statement = (
        select(Territory, its.label("within"), whole.label("of"))
        .outerjoin(held, held.c.territory_id == Territory.id)
        .where(held.c.cells.is_not(None) | (Territory.is_own & (covered < len(within))))
        .order_by(Territory.is_own, Territory.name, Territory.id)
    )
    rows = db.session.execute(statement).all()
    if resolution_of(cell) != TOWN:
        return [row.Territory for row in rows]
    return [row.Territory for row in rows if holds_enough(row.Territory.households, within=row.within, of=row.of)]


def list_towns_of_small() -> list[Cell]:
    """The cells of resolution 7 that territories with fewer than eleven households, or a part of one, lie in.

    One statement.
    """
    territory_id, town_cell, cells = TerritoryCell.territory_id, TerritoryCell.town_cell, func.count().label("cells")
    whole = select(territory_id, cells).group_by(territory_id).subquery()
    part = select(territory_id, town_cell, cells).group_by(territory_id, town_cell).subquery()
    few = Territory.households * part.c.cells < LEAST_HOUSEHOLDS * whole.c.cells
    uncounted = Territory.households.is_(None) & (part.c.cells < CELLS_A_DISTRICT)
    statement = (
        select(part.c.town_cell)
        .join(Territory, Territory.id == part.c.territory_id)
        .join(whole, whole.c.territory_id == part.c.territory_id)
        .where(few | uncounted)
    )
    return sorted(set(db.session.scalars(statement)))


def finest_resolutions(town_cell: Cell) -> dict[Cell, int]:
    """How finely the density of its territory alone would allow each cell (resolution 9) of a cell of resolution 7.

    Outside all territories that is `TOWN`.
    """
    statement = select(TerritoryCell.cell, Territory.finest_resolution).join(
        Territory, Territory.id == TerritoryCell.territory_id
    )
    known = db.session.execute(statement.where(TerritoryCell.town_cell == town_cell)).all()
    return dict.fromkeys(children(town_cell, STREET), TOWN) | dict(known)
