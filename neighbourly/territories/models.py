"""Tables of neighbourhoods and the cells they cover."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core.db import Base, Versioned
from neighbourly.core.ids import new_id

FLOOR_MINUTES = -300
"""What holds until a neighbourhood chooses otherwise, and where there is none."""


class Territory(Versioned, Base):
    """A neighbourhood. The one with `is_own` has no boundary: homes outside all others belong to it."""

    __tablename__ = "territories"
    __table_args__ = (
        Index("uq_territories_own", "is_own", unique=True, postgresql_where=text("is_own")),
        CheckConstraint("things_at_once BETWEEN 1 AND 100", name="things_at_once"),
        CheckConstraint("open_proposals BETWEEN 1 AND 100", name="open_proposals"),
        CheckConstraint("timebank_mode IN ('hours', 'gift')", name="timebank_mode"),
        CheckConstraint("floor_minutes BETWEEN -6000 AND 0", name="floor_minutes"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    households: Mapped[int | None]
    area_km2: Mapped[float | None]
    finest_resolution: Mapped[int]
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    is_own: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    things_at_once: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    """How many things one neighbour may have borrowed or promised at the same time."""
    open_proposals: Mapped[int] = mapped_column(default=10, server_default=text("10"))
    """How many proposals of one neighbour may wait for an answer."""
    timebank_mode: Mapped[str] = mapped_column(default="hours", server_default=text("'hours'"))
    """`hours`: minutes are counted; `gift`: only how often given and received."""
    floor_minutes: Mapped[int] = mapped_column(default=FLOOR_MINUTES, server_default=text("-300"))
    """How far below zero an account of a neighbour may go."""


class TerritoryCell(Base):
    """A cell of resolution 9 whose centre lies in a territory; it belongs to that one alone."""

    __tablename__ = "territory_cells"

    cell: Mapped[str] = mapped_column(primary_key=True)
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id", ondelete="CASCADE"), index=True)
    town_cell: Mapped[str] = mapped_column(index=True)
    """The cell's ancestor of resolution 7."""
