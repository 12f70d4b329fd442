"""The table of who has approached whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core.db import Base


class Acquaintance(Base):
    """Two people of whom one has approached the other; open once the other has tapped or written too."""

    __tablename__ = "acquaintances"
    __table_args__ = (
        CheckConstraint("lower_id < upper_id", name="order"),
        CheckConstraint("approacher_id IN (lower_id, upper_id)", name="approacher"),
        Index(
            "ix_acquaintances_unanswered",
            "approacher_id",
            "approached_at",
            postgresql_where=text("opened_at IS NULL"),
        ),
    )

    lower_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    """The two by their ids, so that both directions are one row."""
    upper_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    approacher_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    approached_at: Mapped[datetime]
    wrote_at: Mapped[datetime | None]
    """When the first words went that nobody had asked for; None while there were none."""
    word_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Texts since the other side last did anything."""
    taken_back_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Proposals that were withdrawn since then."""
    opened_at: Mapped[datetime | None]
    """When the other side first tapped or wrote: from then on nothing is counted."""
