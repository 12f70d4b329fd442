"""Tables of the inbox and of what is on its way to phones."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base
from neighbourly.core.ids import new_id

LAST_TURN = 7
MESSAGE = "message_received"
"""The type that tells of a chat."""


class Notification(Base):
    """One thing told to one person; its words are made from the type when it is read."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notifications_inbox", "user_id", "created_at", "id"),
        Index("ix_notifications_unread", "user_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notifications_actor", "actor_id", postgresql_where=text("actor_id IS NOT NULL")),
        Index("ix_notifications_created_at", "created_at"),
        Index("ix_notifications_awaits_return", "user_id", postgresql_where=text("awaits_return")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    type: Mapped[str]
    key: Mapped[str]
    """What it is about, so that one event tells one person once."""
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    listing_id: Mapped[UUID | None] = mapped_column(ForeignKey("listings.id"))
    exchange_id: Mapped[UUID | None] = mapped_column(ForeignKey("exchanges.id"))
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """Figures that the words need (a distance, say); never a name or a text of somebody's."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    awaits_return: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its person is away, and hears of it in the one word at their return (NOT-01)."""


class Delivery(Base):
    """One notification on its way to one device: at least once, unique (FCM-01)."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notification_id", "device_id"),
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'dead', 'dropped')", name="state"),
        Index("ix_deliveries_due", "due_at", postgresql_where=text("state IN ('waiting', 'claimed')")),
        Index("ix_deliveries_turn", "turn", "due_at", postgresql_where=text("state IN ('waiting', 'claimed')")),
        Index("ix_deliveries_unsent", "device_id", postgresql_where=text("state IN ('waiting', 'claimed')")),
        Index("ix_deliveries_ended", "created_at", postgresql_where=text("state IN ('sent', 'dead', 'dropped')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    """When to send it; for a claimed one, when the claim lapses and another worker may take it."""
    expires_at: Mapped[datetime]
    """The message's TTL: after this it is dropped, and the inbox alone holds it."""
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many deliveries waited for its person when it was written, up to `LAST_TURN`: lower ones go first, so that
    much that is sent to one person never stands before what is sent to everybody."""
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
