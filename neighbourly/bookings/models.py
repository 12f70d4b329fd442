"""Tables of copies, of who has which when, and of who waits for one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base
from neighbourly.core.ids import new_id

NO_OVERLAP = "ex_occupations_no_overlap"
ONE_HAND = "uq_occupations_in_hand"


class Copy(Base):
    """One piece of a thing that is offered; a listing of quantity 3 has three (BOK-05)."""

    __tablename__ = "copies"
    __table_args__ = (UniqueConstraint("listing_id", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"))
    number: Mapped[int]
    broken_at: Mapped[datetime | None]
    """Since when it cannot be lent; None while it can."""
    retired_at: Mapped[datetime | None]
    """When it left for good: given away, or no longer offered."""


class Occupation(Base):
    """A copy is taken over `[from, until)`; the database refuses two that overlap (BOK-01)."""

    __tablename__ = "occupations"
    __table_args__ = (
        ExcludeConstraint(("copy_id", "="), ("period", "&&"), name=NO_OVERLAP, using="gist"),
        CheckConstraint("NOT isempty(period)", name="period"),
        Index(ONE_HAND, "copy_id", unique=True, postgresql_where=text("in_hand")),
    )

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The exchange that holds it: one of a higher feature, so no foreign key."""
    copy_id: Mapped[UUID] = mapped_column(ForeignKey("copies.id"))
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    """The pause after a loan is part of it; without an upper bound while nobody knows the end."""
    in_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the holder has the copy now; the database refuses two who have one copy (BOK-09)."""


class Waiting(Base):
    """Someone who would like the thing when a copy comes free; asked in the order of coming."""

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="period"),
        Index("ix_waiting_line", "listing_id", "created_at"),
        Index("ix_waiting_asked_at", "asked_at", postgresql_where=text("asked_at IS NOT NULL")),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    starts_at: Mapped[datetime | None]
    """When it is wanted; None: as soon as it is free."""
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_at: Mapped[datetime | None]
    """When their turn came; 24 h later it is the next one's."""
    reminded_at: Mapped[datetime | None]
    """When they were told that it ends."""
