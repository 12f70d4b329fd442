"""The table of devices."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base
from neighbourly.core.ids import new_id


class Device(Base):
    """One installation of the app under one account; its token belongs to nobody else (FCM-04)."""

    __tablename__ = "devices"
    __table_args__ = (
        UniqueConstraint("user_id", "installation_id"),
        CheckConstraint("platform IN ('android', 'ios', 'web')", name="platform"),
        CheckConstraint("disabled_because IN ('other_project', 'reused', 'lapsed')", name="disabled_because"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    installation_id: Mapped[str]
    fcm_token: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    app_version: Mapped[str | None]
    language: Mapped[str | None]
    """Its own; None follows its person's account."""
    seen_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    disabled_at: Mapped[datetime | None]
    """Since when nothing is sent to it, until its app registers again."""
    disabled_because: Mapped[str | None]
    """Its token is another Firebase project's; or how the sign-in ended that it belongs to, by nobody's wish."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
