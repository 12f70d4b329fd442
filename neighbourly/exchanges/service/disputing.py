"""When the two do not agree: minutes and things stay where they are until both, or a moderator, say how it ends."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.core import audit, clock
from neighbourly.core.api.pagination import Page
from neighbourly.core.db import db
from neighbourly.core.errors import Forbidden, NotFound, fault, require
from neighbourly.exchanges import policy, selectors
from neighbourly.exchanges.events import ExchangeCancelled, ExchangeDisputed, SettlementProposed, ThingReturned
from neighbourly.exchanges.lifecycle import HELP, SETTLEMENTS, Action, Side, other
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.agreeing import let_go
from neighbourly.exchanges.service.confirming import end_as_confirmed, only_as_agreed
from neighbourly.exchanges.service.lateness import take_again
from neighbourly.exchanges.service.moving import claim, settle, tell
from neighbourly.territories.models import Territory
from neighbourly.territories.policy import may_govern

OBJECTED, NOT_BACK = "objected", "not_back"
"""Reasons that nobody wrote: one tap, or a year without a word."""


def dispute_exchange(*, actor: Actor, exchange_id: UUID, reason: str) -> Exchange:
    """Either side says that it was otherwise, in words that the other reads; behind a block moderators alone do."""
    return _open(actor, exchange_id, Action.DISPUTE, reason)


def object_to_tap(*, actor: Actor, exchange_id: UUID) -> Exchange:
    """Within 24 hours of the other's tap one tap says that it was not so."""
    return _open(actor, exchange_id, Action.OBJECT, OBJECTED)


def _open(actor: Actor, exchange_id: UUID, action: Action, reason: str) -> Exchange:
    exchange, side, move = claim(actor, exchange_id, action)
    if exchange.kind == HELP and _is_gone(policy.person_of(other(side), exchange)):
        _end_without(exchange)
        return exchange
    exchange.disputed_from, exchange.dispute_reason, exchange.settle_as = exchange.state, reason, None
    exchange.reason_withheld = action is Action.DISPUTE and selectors.are_parted(exchange)
    exchange.disputed_at = clock.now()
    if action is Action.OBJECT and exchange.state == "returned":
        _deny_return(exchange)
    settle(exchange, move.to)
    tell(exchange, "disputed", actor.id, ExchangeDisputed(exchange.id, actor.id))
    return exchange


def dispute_by_time(exchange: Exchange) -> None:
    """What nobody brought back, nor said a word of for a year, is a dispute, which both or a moderator end."""
    exchange.disputed_from, exchange.dispute_reason, exchange.settle_as = exchange.state, NOT_BACK, None
    exchange.reason_withheld, exchange.disputed_at, exchange.extend_to = False, clock.now(), None
    settle(exchange, "disputed")
    tell(exchange, "disputed", None, ExchangeDisputed(exchange.id, None), how=NOT_BACK)


def _is_gone(person_id: UUID) -> bool:
    return db.session.get_one(User, person_id).state == "erased"


def _end_without(exchange: Exchange) -> None:
    """With who has left nothing can be settled: the help is over without minutes, as where it was disputed first."""
    let_go(exchange)
    exchange.end_reason = policy.LEFT
    settle(exchange, "cancelled")
    tell(exchange, "over_since_left", None, ExchangeCancelled(exchange.id, None))


def _deny_return(exchange: Exchange) -> None:
    """It is not back, says who objects: so it is out, as before the other's tap, and late when its end has come."""
    exchange.disputed_from = "handed_over"
    take_again(exchange)


def propose_or_settle(exchange: Exchange, side: Side, outcome: str, actor: Actor) -> Exchange:
    """The first of the two proposes how it ends; the same by the other ends it."""
    if exchange.settle_as == outcome and exchange.awaiting == side:
        _end(exchange, outcome, actor.id)
        return exchange
    exchange.settle_as = outcome
    settle(exchange, "disputed", awaiting=other(side))
    tell(exchange, "settlement_proposed", actor.id, SettlementProposed(exchange.id, actor.id))
    return exchange


def settle_dispute(*, actor: Actor, exchange_id: UUID, outcome: str) -> Exchange:
    """Only who governs the neighbourhood, and is neither of the two, says how a dispute ends; on record.

    Of a help no more minutes move than the receiver agreed to (LED-08).

    To everybody else there is nothing to be found.
    """
    exchange = selectors.get_disputed(exchange_id)
    territory = db.session.get(Territory, exchange.neighbourhood_id) if exchange.neighbourhood_id else None
    require(may_govern(actor, territory), NotFound)
    require(actor.id not in (exchange.giver_id, exchange.receiver_id), Forbidden)
    if exchange.kind not in SETTLEMENTS[outcome]:
        raise fault("/outcome", "not_a_choice", fr="Cette issue ne convient pas ici.", en="This does not fit here.")
    only_as_agreed(exchange)
    _end(exchange, outcome, None)
    audit.record("dispute_settled", actor_id=actor.id, subject_id=exchange.id, outcome=outcome)
    return exchange


def list_disputes(*, actor: Actor, limit: int, cursor: str | None) -> Page:
    """Only moderators read disputes, those of their own territory, and not their own."""
    require(actor.role in ("moderator", "admin"))
    return selectors.list_disputes(actor, limit=limit, cursor=cursor)


def _end(exchange: Exchange, outcome: str, actor_id: UUID | None) -> None:
    match outcome:
        case "confirmed":
            end_as_confirmed(exchange, actor_id)
            return
        case "cancelled":
            let_go(exchange)
            exchange.end_reason = None if actor_id else "moderator"
            settle(exchange, outcome)
            step = "cancelled" if actor_id else "cancelled_moderator"
            tell(exchange, step, actor_id, ExchangeCancelled(exchange.id, actor_id))
        case _:
            let_go(exchange)
            settle(exchange, outcome)
            tell(exchange, "returned", actor_id, ThingReturned(exchange.id, actor_id))
