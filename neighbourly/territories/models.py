"""Tables of neighbourhoods and the cells they cover."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core.db import Base, Versioned
from neighbourly.core.ids import new_id


class Territory(Versioned, Base):
    """A neighbourhood. The one with `is_own` has no boundary: homes outside all others belong to it."""

    __tablename__ = "territories"
    __table_args__ = (Index("uq_territories_own", "is_own", unique=True, postgresql_where=text("is_own")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    households: Mapped[int | None]
    area_km2: Mapped[float | None]
    finest_resolution: Mapped[int]
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    is_own: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class TerritoryCell(Base):
    """A cell of resolution 9 whose centre lies in a territory; it belongs to that one alone."""

    __tablename__ = "territory_cells"

    cell: Mapped[str] = mapped_column(primary_key=True)
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id", ondelete="CASCADE"), index=True)
    town_cell: Mapped[str] = mapped_column(index=True)
    """The cell's ancestor of resolution 7."""
