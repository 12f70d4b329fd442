"""The table of homes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base, Point, Versioned


class Home(Versioned, Base):
    """Where someone lives: one cell, as fine as it is ever shown, and nothing finer (LOC-02)."""

    __tablename__ = "homes"
    __table_args__ = (
        CheckConstraint("precision IN ('street', 'district', 'town')", name="precision"),
        Index("ix_homes_location", "location", postgresql_using="gist"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    cell: Mapped[str] = mapped_column(index=True)
    precision: Mapped[str]
    location: Mapped[tuple[float, float]] = mapped_column(Point)
    """The cell's centre, in Web Mercator metres."""
    neighbourhood_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now, server_default=func.now())
    """Since when the person lives in this neighbourhood by their own word; nobody else is told (LOC-12)."""
