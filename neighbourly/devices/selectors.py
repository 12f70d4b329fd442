"""Reading devices: which of them take pushes, and whether the sign-in that one belongs to goes on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select

from neighbourly.accounts.models import Session
from neighbourly.core.db import db
from neighbourly.devices.models import Device


def reachable() -> ColumnElement[bool]:
    """That a device takes pushes: its token has not turned out to be another project's."""
    return Device.disabled_at.is_(None)


def holds_session(session_id: UUID) -> bool:
    """Whether a sign-in goes on; if so it does until this transaction ends, since its end waits for that."""
    going_on = select(Session.id).where(Session.id == session_id, Session.ended_at.is_(None))
    return db.session.scalar(going_on.with_for_update(read=True)) is not None
