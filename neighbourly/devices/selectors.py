"""Reading devices: which of them take pushes, and whether the sign-in that one belongs to goes on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from neighbourly.accounts.models import Session
from neighbourly.core.db import aliased, db
from neighbourly.devices.models import Device

MOST_DEVICES = 10
_Recent = aliased(Device, name="recent")


def reachable() -> ColumnElement[bool]:
    """That a device takes pushes: one of its person's ten latest, its token not turned out to be another project's."""
    latest = (
        select(_Recent.id)
        .where(_Recent.user_id == Device.user_id)
        .order_by(_Recent.seen_at.desc(), _Recent.id.desc())
        .limit(MOST_DEVICES)
        .correlate(Device)
    )
    return and_(Device.disabled_at.is_(None), Device.id.in_(latest))


def holds_session(session_id: UUID) -> bool:
    """Whether a sign-in goes on; if so it does until this transaction ends, since its end waits for that."""
    going_on = select(Session.id).where(Session.id == session_id, Session.ended_at.is_(None))
    return db.session.scalar(going_on.with_for_update(read=True)) is not None
