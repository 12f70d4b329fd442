"""Tables of who is being asked for what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base, Versioned

UNDER_WAY = ("waiting", "asking")
"""The states of an asking whose next wave is planned."""


class Ask(Versioned, Base):
    """How the asking for one request stands; its next wave is swept up once its time has come."""

    __tablename__ = "asks"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'asking', 'enough', 'exhausted', 'stopped')", name="state"),
        CheckConstraint("waits_for IN ('other_needs', 'week')", name="waits_for"),
        Index("ix_asks_next_wave_at", "next_wave_at", postgresql_where=text("state IN ('waiting', 'asking')")),
        Index("ix_asks_exhausted", "listing_id", postgresql_where=text("state = 'exhausted'")),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    wave: Mapped[int] = mapped_column(default=0)
    """How many waves have gone out."""
    next_wave_at: Mapped[datetime | None]
    waits_for: Mapped[str | None]
    """What holds the asking back: `other_needs` of the same person, or their `week` of asks; None: nothing does."""


class Asked(Base):
    """One person asked for one need, once, and why; kept so that nobody is asked too often."""

    __tablename__ = "asked"
    __table_args__ = (
        Index("ix_asked_user", "user_id", "asked_at"),
        Index("ix_asked_asker", "asker_id", "asked_at", "listing_id"),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    asker_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """For whom it was asked: the need's owner; None of what is older than the column, and of who has left."""
    wave: Mapped[int]
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("listings.id"), index=True)
    why: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The inputs of the score as they were: distance, category, words, and the rule's version."""
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)


class Habit(Base):
    """How neighbours of one territory answered what they were asked within thirty days; counted nightly."""

    __tablename__ = "habits"

    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True)
    asked: Mapped[int]
    yeses: Mapped[int]
    median_minutes: Mapped[int | None]
    """Until an answer of any kind came; None where none did."""
