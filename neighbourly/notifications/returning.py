"""One word to who is back: how many things wait that came while they were away (NOT-01)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.notifications import service
from neighbourly.notifications.deliveries import may_be_told
from neighbourly.notifications.models import Notification
from neighbourly.notifications.other_words import ONE
from neighbourly.notifications.push_grouping import PushSubject, name_thing
from neighbourly.notifications.selectors import OPENS, told
from neighbourly.notifications.standing import with_standing
from neighbourly.preferences.selectors import get_preferences


def tell_who_is_back(*, user_id: UUID) -> None:
    """What is read, over, or of a type that they muted is not counted; where nothing is left nothing is told."""
    waiting = _take_waiting(user_id)
    if not waiting:
        return
    figures: service.Figures = {"count": len(waiting)} | ({"variant": ONE} if len(waiting) == 1 else {})
    service.tell(type_name="absence_over", people={user_id: figures}, about=clock.now().isoformat())


def _take_waiting(user_id: UUID) -> set[str]:
    """The things that waited, each named once however much was told of it; they wait no longer."""
    now, wishes = clock.now(), get_preferences(user_id)
    mine = Notification.user_id == user_id, Notification.awaits_return
    unread = with_standing(told()).where(*mine, Notification.read_at.is_(None))
    rows = db.session.execute(unread.add_columns(OPENS.label("opens"), Notification.actor_id)).all()
    things = {_name(row) for row in rows if wishes.wants_push(row.type) and may_be_told(row, now)}
    db.session.execute(update(Notification).where(*mine).values(awaits_return=False))
    return things


def _name(row: Any) -> str:
    return name_thing(PushSubject(row.type, row.id, row.actor_id, row.listing_id, row.exchange_id, row.conversation_id))
