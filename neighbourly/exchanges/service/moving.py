"""The one place where an exchange changes its state: the row, its clock, its conversation and its event."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from neighbourly.accounts.selectors import Actor
from neighbourly.acquaintances import service as acquaintances
from neighbourly.conversations import service as conversations
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges import policy, selectors, timeline
from neighbourly.exchanges.lifecycle import HELP, Action, Move, Side, allowed_actions, is_over, move_of
from neighbourly.exchanges.models import Exchange, Meeting
from neighbourly.exchanges.rests import absences_of, rests_of
from neighbourly.exchanges.service.lateness import keep_if_late
from neighbourly.listings.errors import ActionNotAllowed


def claim(actor: Actor, exchange_id: UUID, action: Action) -> tuple[Exchange, Side, Move]:
    """The exchange, locked, with the side that acts and where that leads.

    Raises `NotFound` to all but the two sides, and to these `ActionNotAllowed` with what they may do.
    """
    exchange = selectors.get_exchange(exchange_id, actor.id, lock=True)
    side = policy.side_of(actor.id, exchange)
    assert side is not None  # noqa: S101  # the selector gives it to nobody else
    parted, absences = selectors.are_parted(exchange), absences_of(exchange)
    facts = policy.facts_of(exchange, parted=parted, now=clock.now(), absences=absences)
    move = move_of(facts, action, side)
    if move is None:
        raise ActionNotAllowed(allowed_actions=[str(each) for each in allowed_actions(facts, side)])
    return exchange, side, move


def settle(exchange: Exchange, state: str, *, awaiting: Side | None = None) -> None:
    """Put it into a state: who is awaited, whether it is over or late, when to look again.

    Nobody meets for what is called off, and what one side alone read in a dispute is not told after it (LOC-13).
    """
    now = clock.now()
    was, exchange.state, exchange.awaiting = exchange.state, state, awaiting
    exchange.waits_since = now
    if state != "disputed":
        exchange.settle_as = None
    if state != "handed_over":
        exchange.extend_to = None
    exchange.ended_at = now if is_over(exchange.kind, state) else None
    if state == "cancelled" or was == "disputed" != state:
        db.session.execute(delete(Meeting).where(Meeting.exchange_id == exchange.id))
    keep_if_late(exchange, now)
    closes_at = exchange.ended_at + timeline.KEPT_AFTER_END if exchange.ended_at else None
    conversations.close_later(conversation_id=exchange.conversation_id, at=closes_at)
    look_again(exchange, now)


def look_again(exchange: Exchange, now: datetime) -> None:
    """From this moment on, see what time brings."""
    exchange.looked_at = now
    exchange.look_at = timeline.next_look_at(exchange, rests_of(exchange))
    db.session.flush()


def tell(
    exchange: Exchange,
    step: str,
    actor_id: UUID | None,
    event: object,
    *,
    how: str | None = None,
    closed_to: UUID | None = None,
) -> None:
    """The step stands in the conversation, with how it came about where that is said otherwise, and who cares hears.

    Of a help that is proposed, or chosen, it says the minutes (CON-10). `closed_to`: who writes no more by it.
    """
    in_vain = closed_to or _proposed_in_vain(exchange, step, actor_id)
    conversations.post_step(
        conversation_id=exchange.conversation_id,
        code=step,
        actor_id=actor_id,
        figures=_figures_of(exchange, step, how),
        closed_to=in_vain,
    )
    # After the thread is held, as by who writes in it.
    if step in ("accepted", "countered"):
        acquaintances.meet(one_id=exchange.giver_id, other_id=exchange.receiver_id)
    elif step in ("declined", "withdrawn") and in_vain is not None:
        note = acquaintances.note_refusal if step == "declined" else acquaintances.note_withdrawal
        other_id = exchange.receiver_id if in_vain == exchange.giver_id else exchange.giver_id
        note(approacher_id=in_vain, other_id=other_id)
    publish(event)


def _proposed_in_vain(exchange: Exchange, step: str, actor_id: UUID | None) -> UUID | None:
    """Whose proposal comes to nothing by this step: they write no more, until the other side does (SEC-27)."""
    match step:
        case "withdrawn":
            return actor_id
        case "declined":
            return exchange.receiver_id if actor_id == exchange.giver_id else exchange.giver_id
        case "expired" | "expired_away" if exchange.awaiting is not None:
            return exchange.giver_id if exchange.awaiting == "receiver" else exchange.receiver_id
    return None


def _figures_of(exchange: Exchange, step: str, how: str | None) -> dict[str, Any] | None:
    """How a step came about, and of a help that is proposed or chosen its minutes."""
    if exchange.kind == HELP and (step in ("proposed", "countered") or how == "chosen"):
        ways = (how, "help", "as_gift" if exchange.as_gift and how is None else None)
        return {"how": "_".join(each for each in ways if each is not None), "minutes": exchange.minutes}
    return None if how is None else {"how": how}
