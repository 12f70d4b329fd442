"""Tables of thanks, and of concerns that only moderators read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base


class Thanks(Base):
    """What one side of an exchange says of the other, once."""

    __tablename__ = "thanks"
    __table_args__ = (
        CheckConstraint("author_id <> about_id", name="another"),
        Index("ix_thanks_about", "about_id", "visible_at"),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchanges.id"), primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    about_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    visible_at: Mapped[datetime]
    """14 days after it was written, or when the other side wrote too."""


class Concern(Base):
    """What somebody would rather say to a moderator than to all; the other side is not told."""

    __tablename__ = "concerns"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchanges.id"), primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    neighbourhood_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
