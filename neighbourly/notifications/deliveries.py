"""From rows that are due to pushes, and from what became of them back to rows; no claim outlives a minute.

A claim is committed before anything is sent and lapses by itself, so that a worker that dies at any step loses
nothing (FCM-01). What a worker says of a claim counts only while it is the claim in force: its number of attempts
tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import DateTime, Integer, Row, Text, Uuid, any_, case, exists, func, literal, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.language.graphemes import shorten
from neighbourly.devices.models import Device
from neighbourly.notifications.bulk import table_of
from neighbourly.notifications.catalogue import CATALOGUE, words
from neighbourly.notifications.channels.push import Outcome, PushMessage, backoff
from neighbourly.notifications.models import LAST_TURN, Delivery, Notification
from neighbourly.notifications.plans import ASKING, Way, plan_of
from neighbourly.notifications.push_actions import actions_of
from neighbourly.notifications.push_grouping import PushSubject, make_collapse_id, make_thread_id
from neighbourly.notifications.selectors import OPENS, ids_of, subject_of, told, unread_of
from neighbourly.notifications.standing import is_still_so, with_standing
from neighbourly.preferences.models import Preferences

CLAIMED_FOR = timedelta(seconds=60)
MOST_ON_BADGE = 99
"""A larger number tells nobody more, and counting a year of unread rows for each push would hold up all."""
TITLE_BYTES, BODY_BYTES = 600, 1200
"""Of a push, which so stays below the 4,096 bytes of FCM and APNs even where a name and a title are all emoji; what is
refused for its size would not be tried again."""
EXPIRED, AWAY, DISABLED = "expired unsent", "away", "the device is disabled"
"""It was due, and nobody sent it in time: no worker, or no Firebase; or its person left meanwhile; or its phone did."""
UNHEARD = frozenset({EXPIRED, AWAY, DISABLED})
"""What was dropped for one of these was not heard of."""


@dataclass(frozen=True)
class Settlement:
    """What a delivery is from now on; `due_at` for one that waits."""

    state: Literal["waiting", "sent", "dead", "dropped"]
    due_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker may settle: by sending its message, or at once."""

    delivery_id: UUID
    attempt: int
    """Counted from 1, this one included."""
    device_id: UUID
    expires_at: datetime
    next: PushMessage | Settlement


def claim(limit: int, public_url: str) -> list[Claim]:
    """Take up to so many deliveries that are due, each with its message as things stand now; two statements,

    and one for each that tells of something taken meanwhile. Turn by turn: of everybody's first those due longest,
    then of everybody's second, so that what is sent to one person stands before nobody else's (SEC-16).
    """
    now = clock.now()
    turns = func.generate_series(0, LAST_TURN).table_valued("number").render_derived("turns")
    waiting_now = (
        select(Delivery.id)
        .where(Delivery.state.in_(["waiting", "claimed"]), Delivery.turn == turns.c.number, Delivery.due_at <= now)
        .order_by(Delivery.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .correlate(turns)
        .lateral("waiting_now")
    )
    # Without an order of its own: it ends at the turn with which it has enough, and locks no further ones.
    due = select(waiting_now.c.id).select_from(turns).join(waiting_now, true()).limit(limit).cte("due")
    take = (
        update(Delivery)
        .where(Delivery.id == due.c.id)
        .values(state="claimed", due_at=now + CLAIMED_FOR, attempts=Delivery.attempts + 1)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    taken = list(db.session.scalars(take))
    return [_claimed(row, now, public_url) for row in db.session.execute(_whole(taken))] if taken else []


def _whole(ids: list[UUID]) -> Any:
    return (
        with_standing(told())
        .join(Delivery, Delivery.notification_id == Notification.id)
        .join(Device, Device.id == Delivery.device_id)
        .join(User, User.id == Device.user_id)
        .where(Delivery.id == any_(literal(ids, ARRAY(Uuid()))))
        .add_columns(
            OPENS.label("opens"),
            Notification.actor_id,
            unread_of(Notification.user_id, MOST_ON_BADGE).label("unread"),
            Delivery.id.label("delivery_id"),
            Delivery.attempts,
            Delivery.expires_at.label("worth_until"),
            Device.id.label("device_id"),
            Device.fcm_token,
            Device.installation_id,
            func.coalesce(Device.language, User.language).label("language"),
            Device.disabled_at,
            Preferences,
        )
    )


def _claimed(row: Row[Any], now: datetime, public_url: str) -> Claim:
    following = settled_unsent(row, now) or _message(row, now, public_url)
    return Claim(row.delivery_id, row.attempts, row.device_id, row.worth_until, following)


def settled_unsent(row: Any, now: datetime) -> Settlement | None:
    """Why this is not sent now; None if it is. Everything is looked at anew: hours may lie behind the event."""
    if row.disabled_at is not None:
        return Settlement("dead", error=DISABLED)
    if row.worth_until <= now:
        return Settlement("dropped", error=EXPIRED)
    if row.read_at is not None:
        return Settlement("dropped", error="read already")
    if not may_be_told(row, now):
        return Settlement("dropped", error="no longer so")
    plan = plan_of(row.type, row.Preferences, now, row.data.get("variant"))
    if plan.at is None:
        return Settlement("dropped", error=AWAY if plan.way is Way.AT_RETURN else "not wanted")
    return waiting(plan.at, row.worth_until) if plan.at > now else None


def may_be_told(row: Any, now: datetime) -> bool:
    """Whether what a row of `with_standing(told())` tells is so, and may be seen by who is told."""
    if not row.opens or (row.display_name is not None and not row.person_seen):
        return False
    seen = CATALOGUE[row.type].had_a_part or subject_of(row).title is not None
    return seen and is_still_so(row, now)


def waiting(due_at: datetime, worth_until: datetime, error: str | None = None) -> Settlement:
    """Try again then, if it is still worth it by then."""
    return (
        Settlement("waiting", due_at, error)
        if due_at < worth_until
        else Settlement("dropped", error=error or "too late")
    )


def _message(row: Row[Any], now: datetime, public_url: str) -> PushMessage:
    """Its type, ids and a text: no address, nobody's message, and of a person the first name alone (FCM-05)."""
    telling = CATALOGUE[row.type]
    wording = words(row.type, subject_of(row), row.language)
    about = PushSubject(row.type, row.id, row.actor_id, row.listing_id, row.exchange_id, row.conversation_id)
    actions = [(action.code, action.label[row.language]) for action in actions_of(row.type, row.data)]
    return PushMessage(
        token=row.fcm_token,
        installation_id=row.installation_id,
        title=shorten(wording.title, TITLE_BYTES),
        body=shorten(wording.body, BODY_BYTES),
        data=_data(row, public_url, actions),
        collapse_id=make_collapse_id(about),
        thread_id=make_thread_id(about),
        channel_id=telling.channel,
        ttl_seconds=int((row.worth_until - now).total_seconds()),
        priority=telling.priority,
        badge=row.unread,
        category=row.type if actions else None,
        actions=actions,
    )


def _data(row: Row[Any], public_url: str, actions: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What the app needs to show it by itself: ids, a link and the buttons, as far as there are any."""
    buttons = [{"action": code, "title": label} for code, label in actions]
    about = {
        "type": row.type,
        "notification_id": row.id,
        **ids_of(row, public_url),
        "actions": orjson.dumps(buttons).decode() if buttons else None,
    }
    return {name: str(value) for name, value in about.items() if value is not None}


def settle(claim: Claim, outcome: Outcome, *, now: datetime, jitter: float) -> Settlement:
    """What an outcome makes of a delivery (FCM-03).

    One whose token is dead waits: its device is about to be deleted, and it with it, unless the app has registered a
    new token meanwhile.
    """
    match outcome.kind:
        case "sent":
            return Settlement("sent")
        case "rejected" | "sender_mismatch":
            return Settlement("dead", error=outcome.error)
        case "unregistered" | "retry" | "unauthorised":
            wait = backoff(claim.attempt, outcome.retry_after_seconds, jitter)
            return waiting(now + wait, claim.expires_at, outcome.error)


def record(settlements: Sequence[tuple[Claim, Settlement]]) -> None:
    """Write down what became of claims that are still in force; one statement."""
    if not settlements:
        return
    rows = [
        {"id": claim.delivery_id, "attempt": claim.attempt, "state": to.state, "due_at": to.due_at, "error": to.error}
        for claim, to in settlements
    ]
    moment = DateTime(timezone=True)
    given = table_of(rows, id=Uuid(), attempt=Integer(), state=Text(), due_at=moment, error=Text())
    change = update(Delivery).where(
        Delivery.id == given.c.id, Delivery.attempts == given.c.attempt, Delivery.state == "claimed"
    )
    values = {
        "state": given.c.state,
        "due_at": func.coalesce(given.c.due_at, Delivery.due_at),
        "error": given.c.error,
        "sent_at": case((given.c.state == "sent", literal(clock.now(), moment))),
    }
    db.session.execute(change.values(values).execution_options(synchronize_session=False))
    _keep_for_return([claim.delivery_id for claim, to in settlements if to.error in UNHEARD])


def _keep_for_return(unheard: Sequence[UUID]) -> None:
    """Of what rang on no phone who is away hears at their return (NOT-01)."""
    if not unheard:
        return
    told = select(Delivery.notification_id).where(Delivery.id == any_(literal(unheard, ARRAY(Uuid()))))
    away = exists().where(Preferences.user_id == Notification.user_id, Preferences.away_until > clock.now())
    kept = update(Notification).where(Notification.id.in_(told), Notification.type.not_in(ASKING), away)
    db.session.execute(kept.values(awaits_return=True).execution_options(synchronize_session=False))
