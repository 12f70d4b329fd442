"""The table of answers to requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core.db import Base, Versioned
from neighbourly.core.ids import new_id


class Answer(Versioned, Base):
    """What one neighbour says to one request; a second tap replaces the first."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("listing_id", "user_id"),
        CheckConstraint("answer IN ('yes', 'later', 'no')", name="answer"),
        CheckConstraint("available_until > available_from", name="available"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    answer: Mapped[str]
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("listings.id"), index=True)
    """The answerer's own offer that would meet the need."""
    title: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What the answerer calls a thing that they have not listed; empty: as the need calls it."""
    message: Mapped[str] = mapped_column(default="")
    keep_asking: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether a no is for this need alone; else needs of its category are not put to this person for a month."""
    available_from: Mapped[datetime | None]
    available_until: Mapped[datetime | None]
    minutes: Mapped[int | None]
    """Of a help: how long its giver thinks that it takes."""
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The need and the offer as they stood when it was said, as `terms.describe` keeps them; of a no the mark that it
    took back a yes, if it did."""
