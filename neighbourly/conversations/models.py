"""Tables of threads, of who takes part, and of messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base
from neighbourly.core.ids import new_id


class Conversation(Base):
    """A thread of two people about a listing; one for each exchange, and one for each question."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_listing", "listing_id", "opener_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id"))
    opener_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    """Who began it: limits against cold mass messages count by this."""
    exchange_id: Mapped[UUID | None] = mapped_column(unique=True)
    """The exchange it belongs to: one of a higher feature, so no foreign key."""
    known_title: Mapped[str | None]
    """What the listing was called when the thread began, or its exchange was countered last (BOK-12)."""
    known_kind: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    closes_at: Mapped[datetime | None]
    """From then on nobody writes, and both read on."""


class Participant(Base):
    """One of the two sides of a thread, and how far they have read."""

    __tablename__ = "participants"
    __table_args__ = (Index("ix_participants_latest", "user_id", "last_message_at", "conversation_id"),)

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    last_message_at: Mapped[datetime] = mapped_column(default=clock.now)
    """The thread's, kept here too, so that one index gives someone's threads in their order."""
    unread: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    """Up to which message's time they have read."""
    polled_at: Mapped[datetime | None]
    """When a device of theirs last looked; within 30 s the chat counts as open."""
    closed_at: Mapped[datetime | None]
    """Since when this side alone writes no more, until the other writes: its proposal came to nothing."""


class Message(Base):
    """What one side wrote or tapped, or what happened to the exchange; never changed."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("kind IN ('text', 'quick', 'step')", name="kind"),
        CheckConstraint("(kind = 'text') = (code IS NULL)", name="code"),
        Index("ix_messages_thread", "conversation_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    """Who wrote or did it; None where time did."""
    kind: Mapped[str]
    code: Mapped[str | None]
    """Of a typed reply (`on_my_way`) or of a step (`handed_over`): its words are made when it is read."""
    body: Mapped[str] = mapped_column(default="", server_default=text("''"))
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """What the words of a step need (times, minutes); never a name."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
