"""What happens to devices: they are registered, refreshed, and forgotten as soon as they are nobody's any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts.events import EndedBecause
from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import Unauthorized, require
from neighbourly.core.ids import new_id
from neighbourly.devices import selectors
from neighbourly.devices.models import Device
from neighbourly.devices.selectors import MOST_DEVICES

UNSEEN_FOR = timedelta(days=270)
"""Firebase itself lets a token lapse after so long."""


@dataclass(frozen=True)
class RegisteredDevice:
    """A device as its owner sees it; `language` is the one in force: its own, else the account's at this moment."""

    installation_id: str
    platform: str
    app_version: str | None
    language: str
    created_at: datetime
    seen_at: datetime
    silent_since: datetime | None
    silent_because: str | None


def list_devices(*, actor: Actor) -> list[RegisteredDevice]:
    """One's own devices, the one that showed up last first."""
    own = select(Device).where(Device.user_id == actor.id).order_by(Device.seen_at.desc(), Device.id.desc())
    return [_as_registered(each, actor) for each in db.session.scalars(own)]


def register_device(
    *, actor: Actor, installation_id: str, fcm_token: str, platform: str, app_version: str | None, language: str | None
) -> tuple[RegisteredDevice, bool]:
    """A token belongs to one installation of one person: whoever had it before loses it (FCM-04).

    The device belongs to the session that registered it, and whether it is new is said beside it. A session that is
    ended at this moment takes no device any more (`Unauthorized`): nobody would forget it again. A person has ten: at
    the eleventh the longest unseen goes, its token with it, since every event to them is a push to each (SEC-16).
    """
    require(selectors.holds_session(actor.session_id), Unauthorized)
    now = clock.now()
    elsewhere = or_(Device.user_id != actor.id, Device.installation_id != installation_id)
    db.session.execute(delete(Device).where(Device.fcm_token == fcm_token, elsewhere))
    told = {
        "session_id": actor.session_id,
        "fcm_token": fcm_token,
        "platform": platform,
        "app_version": app_version,
        "language": language,
        "seen_at": now,
        "disabled_at": None,
        "disabled_because": None,
    }
    row = insert(Device).values(id=new_id(), user_id=actor.id, installation_id=installation_id, created_at=now, **told)
    row = row.on_conflict_do_update(index_elements=[Device.user_id, Device.installation_id], set_=told)
    device = db.session.scalars(row.returning(Device), execution_options={"populate_existing": True}).one()
    is_new = device.created_at == now
    if is_new:
        _forget_longest_unseen(actor.id)
    return _as_registered(device, actor), is_new


def _as_registered(device: Device, actor: Actor) -> RegisteredDevice:
    return RegisteredDevice(
        device.installation_id,
        device.platform,
        device.app_version,
        device.language or actor.language,
        device.created_at,
        device.seen_at,
        device.disabled_at,
        device.disabled_because,
    )


def _forget_longest_unseen(user_id: UUID) -> None:
    """Those of this person beyond the ten that showed up last; one in somebody else's hands goes the next time."""
    beyond = (
        select(Device.id)
        .where(Device.user_id == user_id)
        .order_by(Device.seen_at.desc(), Device.id.desc())
        .offset(MOST_DEVICES)
        .with_for_update(skip_locked=True)
    )
    db.session.execute(delete(Device).where(Device.id.in_(beyond)))


def delete_device(*, actor: Actor, installation_id: str) -> None:
    """A person may take any device of their own out; none there is no mistake."""
    mine = delete(Device).where(Device.user_id == actor.id, Device.installation_id == installation_id)
    db.session.execute(mine)


def forget_devices_of_session(*, session_id: UUID) -> None:
    """A phone that was signed out gets no more pushes."""
    db.session.execute(delete(Device).where(Device.session_id == session_id))


def silence_devices_of_session(*, session_id: UUID, because: EndedBecause) -> None:
    """Nothing more is sent to a phone whose sign-in ended by nobody's wish; its row says since when and why."""
    _disable(Device.session_id == session_id, because)


def forget_devices_of_person(*, user_id: UUID) -> None:
    """Nothing is sent to somebody who has left."""
    db.session.execute(delete(Device).where(Device.user_id == user_id))


def forget_tokens(*, tokens: Collection[str]) -> None:
    """A token that Firebase no longer knows goes with its device; one refreshed meanwhile is another token."""
    db.session.execute(delete(Device).where(Device.fcm_token.in_(tokens)))


def disable_tokens(*, tokens: Collection[str]) -> None:
    """A token of another Firebase project is left alone until the app registers again."""
    _disable(Device.fcm_token.in_(tokens), "other_project")


def _disable(which: ColumnElement[bool], because: str) -> None:
    enabled = update(Device).where(which, Device.disabled_at.is_(None))
    db.session.execute(enabled.values(disabled_at=clock.now(), disabled_because=because))


def forget_unseen() -> None:
    """A device that has not shown up for 270 days is given up."""
    db.session.execute(delete(Device).where(Device.seen_at < clock.now() - UNSEEN_FOR))
