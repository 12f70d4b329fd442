"""Telling people: into the inbox always, and on the way to their phones as far as they like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.dml import ReturningInsert

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor, unblocked
from neighbourly.core import clock
from neighbourly.core.db import aliased, db, whole
from neighbourly.core.errors import NotFound
from neighbourly.core.ids import new_id
from neighbourly.core.jobs import defer
from neighbourly.devices.models import Device
from neighbourly.devices.selectors import reachable
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.notifications.bulk import as_given, table_given, table_of
from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.models import LAST_TURN, MESSAGE, Delivery, Notification
from neighbourly.notifications.plans import push_at, states_of, waits_for_return
from neighbourly.preferences.models import Preferences

DELIVERIES_KEPT = timedelta(days=7)
INBOX_KEPT = timedelta(days=365)
BATCH = 5_000

_Phone, _Unsent = aliased(Device, name="phone"), aliased(Delivery, name="unsent")

Figures = Mapping[str, Any]
"""What the words need beside a person and a listing (`distance_m`, `answer`); never a name or somebody's text."""


def tell(
    *,
    type_name: str,
    people: Mapping[UUID, Figures],
    about: object,
    listing_id: UUID | None = None,
    exchange_id: UUID | None = None,
    conversation_id: UUID | None = None,
    actor_id: UUID | None = None,
    silently: bool = False,
) -> None:
    """One event tells one person once: `about` names it, and the same again is not told again.

    The inbox holds it in any case, the phones get it as their person's preferences say. Nobody hears of someone
    whom they blocked, or who blocked them, nor of what is so no longer: the state is asked again as the row is written,
    and again before anything is sent. `silently`: the inbox alone. Four statements, however many people.
    """
    if not people:
        return
    now = clock.now()
    rows = [_row(type_name, user_id, figures, silently) for user_id, figures in people.items()]
    told = {
        "rows": as_given(rows),
        "told_type": type_name,
        "told_key": f"{type_name}:{about}",
        "told_actor_id": actor_id,
        "told_listing_id": listing_id,
        "told_exchange_id": exchange_id,
        "told_conversation_id": conversation_id,
        "told_created_at": now,
        "states": [each for each in _states(type_name, people.values()) if each is not None],
    }
    db.session.flush()
    inboxes = dict(db.session.execute(_PUT_INTO_INBOXES, told).all())
    if inboxes and not silently and _put_on_the_way(type_name, inboxes, people, now):
        defer("notifications.deliver")


def _row(type_name: str, user_id: UUID, figures: Figures, silently: bool) -> dict[str, Any]:
    """What is written for one person; the last two say whether they hear of it at their return, if they are away."""
    variant = figures.get("variant")
    return {
        "id": new_id(),
        "user_id": user_id,
        "data": figures,
        "waits": not silently and waits_for_return(type_name, variant, has_phone=True),
        "waits_unheard": not silently and waits_for_return(type_name, variant, has_phone=False),
    }


def _states(type_name: str, figures: Iterable[Figures]) -> set[str | None]:
    """The states in which it is so."""
    return set().union(*(states_of(type_name, each.get("variant")) for each in figures))


def _putting_into_inboxes() -> ReturningInsert[UUID, UUID]:
    """Notification ids by person, of those who were not told before; but for who left, or is behind a block."""
    given = table_given(id=Uuid(), user_id=Uuid(), data=JSONB(), waits=Boolean(), waits_unheard=Boolean())
    said = ("type", "key", "actor_id", "listing_id", "exchange_id", "conversation_id", "created_at")
    # A parameter of an INSERT may not be called like a column.
    values = {name: bindparam(f"told_{name}", type_=getattr(Notification, name).type) for name in said}
    columns = given.c.id, given.c.user_id, given.c.data
    source = (
        select(*columns, *values.values(), _waits_for(given, values["created_at"]))
        .join(User, User.id == given.c.user_id)
        .where(User.state != "erased", unblocked(values["actor_id"], User.id), _is_so(values))
    )
    # Into the table, since the session takes parameters of an insert into a class for rows of its own.
    made = insert(Notification.metadata.tables[Notification.__tablename__]).from_select(
        [*(each.name for each in columns), *values, "awaits_return"], source
    )
    return made.on_conflict_do_nothing().returning(Notification.user_id, Notification.id)


def _waits_for(given: Any, now: Any) -> ColumnElement[bool]:
    """That its person is away and no phone tells them, so that they hear of it at their return (NOT-01)."""
    away = exists().where(Preferences.user_id == given.c.user_id, Preferences.away_until > now)
    phone = exists().where(Device.user_id == given.c.user_id, reachable())
    return and_(away, or_(given.c.waits, and_(given.c.waits_unheard, ~phone)))


def _is_so(values: Mapping[str, Any]) -> ColumnElement[bool]:
    """That the exchange, else the listing, is in one of the `states`; that of neither is always so.

    Whoever tells holds the row, or what it takes to move it; what was committed meanwhile is seen here.
    """
    exchange = select(Exchange.state).where(Exchange.id == values["exchange_id"]).scalar_subquery()
    listing = select(Listing.status).where(Listing.id == values["listing_id"]).scalar_subquery()
    status = func.coalesce(exchange, listing)
    return or_(status.is_(None), status == any_(bindparam("states", type_=ARRAY(Text()))))


_PUT_INTO_INBOXES = whole(_putting_into_inboxes())


def _put_on_the_way(
    type_name: str, inboxes: Mapping[UUID, UUID], people: Mapping[UUID, Figures], now: datetime
) -> bool:
    """Whether anything may go at once; what must wait for the end of quiet hours is swept up then."""
    deliveries: list[dict[str, Any]] = []
    phones: Counter[UUID] = Counter()
    for device_id, preferences, waiting in db.session.execute(_DEVICES, {"people": list(inboxes)}):
        due_at = push_at(type_name, preferences, now, people[preferences.user_id].get("variant"))
        if due_at is not None:
            user_id = preferences.user_id
            ids = {"id": new_id(), "notification_id": inboxes[user_id], "device_id": device_id}
            times = {"due_at": due_at, "expires_at": due_at + CATALOGUE[type_name].ttl}
            deliveries.append(ids | times | {"turn": min(LAST_TURN, waiting + phones[user_id])})
            phones[user_id] += 1
    if deliveries:
        moment = DateTime(timezone=True)
        columns: dict[str, Any] = {"id": Uuid(), "notification_id": Uuid(), "device_id": Uuid(), "turn": Integer()}
        given = table_of(deliveries, **columns, due_at=moment, expires_at=moment)
        db.session.execute(insert(Delivery).from_select([column.name for column in given.c], select(given)))
    return any(each["due_at"] <= now for each in deliveries)


def _unsent() -> ColumnElement[int]:
    """How many deliveries wait for a device's person, counted up to the last turn."""
    some = (
        select(literal(1))
        .select_from(_Phone)
        .join(_Unsent, _Unsent.device_id == _Phone.id)
        .where(_Phone.user_id == Device.user_id, _Unsent.state.in_(("waiting", "claimed")))
        .limit(LAST_TURN)
        .correlate(Device)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


_DEVICES = whole(
    select(Device.id, Preferences, _unsent())
    .join(Preferences, Preferences.user_id == Device.user_id)
    .where(Device.user_id == any_(bindparam("people", type_=ARRAY(Uuid()))), reachable())
    .order_by(Device.id)
    .with_for_update(read=True, key_share=True, of=Device)
)
"""Devices with their person's preferences and how much waits for them already.

They are held, so that none is deleted before its delivery is written.
"""


def take_back(*, type_name: str, about: object, people: Collection[UUID]) -> list[UUID]:
    """What these were told, and have neither read nor got on a phone, they were not told; to whom of them."""
    pushed = exists().where(Delivery.notification_id == Notification.id, Delivery.state.in_(("claimed", "sent")))
    unseen = delete(Notification).where(
        Notification.user_id.in_(people),
        Notification.key == f"{type_name}:{about}",
        Notification.read_at.is_(None),
        ~pushed,
    )
    return list(db.session.scalars(unseen.returning(Notification.user_id)))


def read_notification(*, actor: Actor, notification_id: UUID) -> None:
    """Only one's own; the first reading counts."""
    mine = update(Notification).where(Notification.id == notification_id, Notification.user_id == actor.id)
    read = mine.values(read_at=func.coalesce(Notification.read_at, clock.now())).returning(Notification.id)
    if db.session.scalars(read).one_or_none() is None:
        raise NotFound()


def read_notifications(*, actor: Actor) -> None:
    """All of one's own up to this moment."""
    now = clock.now()
    unread = update(Notification).where(
        Notification.user_id == actor.id, Notification.read_at.is_(None), Notification.created_at <= now
    )
    db.session.execute(unread.values(read_at=now))


def read_of_chat(*, user_id: UUID, conversation_id: UUID) -> None:
    """Whoever reads a chat has read that there was something to read."""
    told = update(Notification).where(
        Notification.user_id == user_id,
        Notification.type == MESSAGE,
        Notification.conversation_id == conversation_id,
        Notification.read_at.is_(None),
    )
    db.session.execute(told.values(read_at=clock.now()))


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes their inbox along, and is nobody in those of others, nor so many metres from them."""
    db.session.execute(delete(Notification).where(Notification.user_id == user_id))
    placeless = Notification.data.op("-")(literal("distance_m", Text))
    nobody = {Notification.actor_id: None, Notification.data: placeless}
    db.session.execute(update(Notification).where(Notification.actor_id == user_id).values(nobody))


def forget_old() -> bool:
    """Deliveries that ended are kept for a week, the inbox for a year: one batch; whether there may be more."""
    now = clock.now()
    ended = Delivery.state.in_(["sent", "dead", "dropped"])
    old = select(Delivery.id).where(ended, Delivery.created_at < now - DELIVERIES_KEPT).limit(BATCH)
    deliveries = db.session.scalars(delete(Delivery).where(Delivery.id.in_(old)).returning(Delivery.id)).all()
    oldest = select(Notification.id).where(Notification.created_at < now - INBOX_KEPT).limit(BATCH)
    past = delete(Notification).where(Notification.id.in_(oldest)).returning(Notification.id)
    return BATCH in (len(deliveries), len(db.session.scalars(past).all()))
