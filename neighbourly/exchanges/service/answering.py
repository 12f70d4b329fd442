"""Answering a proposal, and taking an agreement back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.answers.errors import helps_only
from neighbourly.core import clock
from neighbourly.core.errors import require
from neighbourly.exchanges import consent, timeline
from neighbourly.exchanges.errors import TooEarly
from neighbourly.exchanges.events import (
    ExchangeAccepted,
    ExchangeCancelled,
    ExchangeCountered,
    ExchangeDeclined,
    ExchangeWithdrawn,
)
from neighbourly.exchanges.lifecycle import ABSENT, HELP, Action, other
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.agreeing import agree, check_stays, let_go
from neighbourly.exchanges.service.disputing import propose_or_settle
from neighbourly.exchanges.service.moving import claim, settle, tell
from neighbourly.exchanges.service.rules import check_proposed, move_deadline
from neighbourly.exchanges.service.terms import (
    digest_terms,
    keep_thing,
    require_as_proposed,
    require_going_on,
    require_same_kind,
)
from neighbourly.exchanges.service.times import check_begin, check_times, minutes_moved


def accept_exchange(*, actor: Actor, exchange_id: UUID, minutes: int | None = None) -> Exchange:
    """Who was asked says yes, also late while it is still free.

    Raises `AlreadyBooked`, `FloorReached` and `NoLongerOffered`, and nobody loses anything. Accepted is what was
    proposed: raises `OtherThanProposed` where the thing, or the need, says something else by now, and a fault of
    `/minutes` that are not those proposed, or not said of more than a working day (CON-10).
    """
    exchange, side, _ = claim(actor, exchange_id, Action.ACCEPT)
    check_stays(actor)
    _require_minutes_of_help(exchange, minutes)
    require_going_on(exchange)
    require_as_proposed(exchange)
    consent.require_read(exchange, side, exchange.minutes if exchange.kind != HELP else minutes)
    _note_answer(exchange)
    agree(exchange, actor.id)
    require_going_on(exchange)  # again, as it is now that its owner waits to end it
    tell(exchange, "accepted", actor.id, ExchangeAccepted(exchange.id, actor.id))
    return exchange


def decline_exchange(*, actor: Actor, exchange_id: UUID) -> Exchange:
    """Who was asked says no, and owes no reason."""
    exchange, _, move = claim(actor, exchange_id, Action.DECLINE)
    _note_answer(exchange)
    settle(exchange, move.to)
    tell(exchange, "declined", actor.id, ExchangeDeclined(exchange.id, actor.id))
    return exchange


def withdraw_exchange(*, actor: Actor, exchange_id: UUID) -> Exchange:
    """Who proposed may take it back until it is answered."""
    exchange, _, move = claim(actor, exchange_id, Action.WITHDRAW)
    settle(exchange, move.to)
    tell(exchange, "withdrawn", actor.id, ExchangeWithdrawn(exchange.id, actor.id))
    return exchange


def counter_exchange(
    *, actor: Actor, exchange_id: UUID, starts_at: datetime, ends_at: datetime | None, minutes: int | None = None
) -> Exchange:
    """Who was asked proposes other times, of the thing as it is now, and the other side is asked.

    A help costs what its new hours count, or the `minutes` that are said. What holds of a proposal holds of it
    (BOK-04): raises what `check_proposed` raises, and `OtherThanProposed` where it became another kind.
    """
    exchange, side, move = claim(actor, exchange_id, Action.COUNTER)
    check_stays(actor)
    _require_minutes_of_help(exchange, minutes)
    require_going_on(exchange)
    check_begin(starts_at)
    if exchange.kind == "help" and ends_at is None:
        ends_at = starts_at + (exchange.ends_at - exchange.starts_at) if exchange.ends_at else None
    check_times(exchange.kind, starts_at, ends_at)
    _note_answer(exchange)
    exchange.minutes = minutes or minutes_moved(exchange, starts_at, ends_at)
    consent.require_said(exchange.minutes, said=minutes)
    require_same_kind(exchange)
    exchange.terms_digest = digest_terms(exchange)
    keep_thing(exchange)
    exchange.starts_at, exchange.ends_at = starts_at, ends_at
    check_proposed(exchange, actor.id, by=side)
    move_deadline(exchange, clock.now())
    settle(exchange, move.to, awaiting=other(side))
    tell(exchange, "countered", actor.id, ExchangeCountered(exchange.id, actor.id))
    return exchange


def cancel_exchange(*, actor: Actor, exchange_id: UUID, did_not_come: bool = False) -> Exchange:
    """Either side may cancel what was agreed until it has begun; in a dispute both must want it.

    Who waited in vain may say so: it is the one word by which somebody is missed, and says who.
    """
    exchange, side, move = claim(actor, exchange_id, Action.CANCEL)
    if exchange.state == "disputed":
        return propose_or_settle(exchange, side, move.to, actor)
    if did_not_come:
        _check_waited(exchange)
        exchange.end_reason = ABSENT[other(side)]
    let_go(exchange)
    settle(exchange, move.to)
    how = "absent" if did_not_come else None
    tell(exchange, "cancelled", actor.id, ExchangeCancelled(exchange.id, actor.id), how=how)
    return exchange


def _require_minutes_of_help(exchange: Exchange, minutes: int | None) -> None:
    if minutes is not None and exchange.kind != HELP:
        raise helps_only("/minutes")


def _check_waited(exchange: Exchange) -> None:
    require(clock.now() >= exchange.starts_at + timeline.WAITED, TooEarly)


def _note_answer(exchange: Exchange) -> None:
    """The first answer counts: how soon people answer is reckoned from it."""
    exchange.answered_at = exchange.answered_at or clock.now()
