"""Tables of thanks, and of concerns that only moderators read."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base

NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class Thanks(Base):
    """What one side of an exchange says of the other, once."""

    __tablename__ = "thanks"
    __table_args__ = (
        CheckConstraint("author_id <> about_id", name="another"),
        Index("ix_thanks_about", "about_id", "visible_at"),
        Index("ix_thanks_received", "about_id", "created_at", "exchange_id"),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchanges.id"), primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    about_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    """Empty once its author has taken it back: the row stays, so that no other text inherits the consent to this."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    visible_at: Mapped[datetime] = mapped_column(default=NEVER)
    """Since when it is shown; `NEVER` while it is not, but of words in the place of others when these were written."""
    shown: Mapped[bool | None]
    """Whether the person it is about shows it on their page (SEC-26); None until they say."""


class Concern(Base):
    """What somebody would rather say to a moderator than to all; the other side is not told."""

    __tablename__ = "concerns"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchanges.id"), primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    neighbourhood_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"), index=True)
    text: Mapped[str]
    quoted: Mapped[str | None]
    """The other's thanks as they stood when they were reported, where the concern is about them."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
