"""How much goes on in a neighbourhood, as it is told for a week."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core.db import Base


class NeighbourhoodFigures(Base):
    """The bands of a neighbourhood, by their numbers; no count is kept."""

    __tablename__ = "neighbourhood_figures"

    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True)
    neighbours: Mapped[int]
    offers: Mapped[int]
    requests: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(index=True)
