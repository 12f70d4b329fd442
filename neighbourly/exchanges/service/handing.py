"""Handing over, bringing back, helping: what happens at the door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings import service as bookings
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.errors import fault
from neighbourly.exchanges import codes, consent, selectors
from neighbourly.exchanges.errors import CodeLocked, WrongCode
from neighbourly.exchanges.events import HelpDone, ThingHandedOver, ThingReturned
from neighbourly.exchanges.lifecycle import Action, Side
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.agreeing import hold_again, let_go
from neighbourly.exchanges.service.alternatives import naming_latest_end
from neighbourly.exchanges.service.confirming import end_as_confirmed, meet_need
from neighbourly.exchanges.service.custody import lock_what_is_out, take_copy
from neighbourly.exchanges.service.disputing import propose_or_settle
from neighbourly.exchanges.service.hand_over_period import period_of_hand_over
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.exchanges.service.moving import claim, settle, tell
from neighbourly.listings import service as listings

ATTESTED = frozenset({"accepted", "handed_over"})
"""Where a code can be shown; whoever declares later that it did happen has none, and the other may object."""


def hand_over(
    *,
    actor: Actor,
    exchange_id: UUID,
    code: str | None = None,
    condition: str | None = None,
    ends_at: datetime | None = None,
) -> Exchange:
    """One tap of either side says so, and the other may object; with a code nobody needs to. Early is welcome.

    After the agreed end it ends anew: at `ends_at`, or after the agreed length (BOK-11). A gift ends here. Where the
    copy is out, that is its return (BOK-09). Raises `WrongCode`, `CodeLocked`, `ReturnFirst`, `LoanTooLong`, and
    `AlreadyBooked` where it is promised to others meanwhile.
    """
    exchange, side, move = claim(actor, exchange_id, Action.HAND_OVER)
    _attest(exchange, "hand_over", code, side)
    out, now = lock_what_is_out(exchange), clock.now()
    period = period_of_hand_over(exchange, side=side, now=now, ends_at=ends_at)
    with naming_latest_end(exchange, period.starts_at):
        take_copy(exchange, period, out, side=side, owner_agrees=side == "giver" or code is not None)
    exchange.ends_at = period.ends_at or exchange.ends_at
    exchange.handed_over_at, exchange.end_reason = now, None
    exchange.condition_before = condition or exchange.condition_before
    settle(exchange, move.to)
    if exchange.kind == "gift":
        _give_away(exchange)
    meet_need(exchange)
    tell(exchange, "handed_over", actor.id, ThingHandedOver(exchange.id, actor.id, late=period.late))
    return exchange


def return_thing(*, actor: Actor, exchange_id: UUID, code: str | None = None, condition: str | None = None) -> Exchange:
    """Bringing back is legal in every state of the thing, and frees the rest of its time; behind a block without words.

    Raises `WrongCode` and `CodeLocked`.
    """
    exchange, side, move = claim(actor, exchange_id, Action.RETURN)
    if exchange.state == "disputed":
        return propose_or_settle(exchange, side, move.to, actor)
    _attest(exchange, "return", code, side)
    if not selectors.are_parted(exchange):
        exchange.condition_after = condition or exchange.condition_after
    exchange.end_reason = None
    let_go(exchange)
    settle(exchange, move.to)
    meet_need(exchange)
    tell(exchange, "returned", actor.id, ThingReturned(exchange.id, actor.id))
    return exchange


def finish_help(*, actor: Actor, exchange_id: UUID, minutes: int | None = None) -> Exchange:
    """Either side says that the help took place and how long; the receiver, who pays, confirms it.

    What had lapsed without a word is held anew, up to what was agreed: raises `FloorReached` where meanwhile the
    receiver's minutes went elsewhere (LED-11).
    """
    exchange, side, move = claim(actor, exchange_id, Action.DONE)
    exchange.minutes = minutes or exchange.minutes
    if side == "receiver" and exchange.consented_minutes is None:
        exchange.consented_minutes = exchange.minutes
    if exchange.state == "cancelled":
        hold_again(exchange, actor.id)
    exchange.done_at, exchange.end_reason = clock.now(), None
    settle(exchange, move.to, awaiting="receiver")
    tell(exchange, "done", actor.id, HelpDone(exchange.id, actor.id))
    return exchange


def confirm_help(*, actor: Actor, exchange_id: UUID, minutes: int | None = None) -> Exchange:
    """The receiver's tap moves the minutes, as said or fewer, once; in a dispute both must want it.

    Raises a fault of `/minutes`: nobody pays more than was said, what is disputed stays as it was said, and who pays
    more than was agreed and than a working day says the number (CON-10).
    """
    exchange, side, move = claim(actor, exchange_id, Action.CONFIRM)
    if minutes is None:
        consent.require_read(exchange, side, None)
    if minutes is not None:
        _lower(exchange, minutes)
    if exchange.state == "disputed":
        return propose_or_settle(exchange, side, move.to, actor)
    end_as_confirmed(exchange, actor.id)
    return exchange


def _lower(exchange: Exchange, minutes: int) -> None:
    said = exchange.minutes or 0
    if minutes > said or (exchange.state == "disputed" and minutes != said):
        raise fault(
            "/minutes",
            "more_than_said" if minutes > said else "disputed",
            fr="Confirmez ce qui a été dit, ou moins s'il n'y a pas de désaccord.",
            en="Confirm what was said, or less where nothing is disputed.",
        )
    exchange.minutes = minutes


def _attest(exchange: Exchange, step: codes.Step, code: str | None, side: Side) -> None:
    """A code that is right says that both are there; without one the other side may object to the tap."""
    now = clock.now()
    if code is None and not (exchange.requires_code and exchange.state in ATTESTED):
        exchange.tapped_by, exchange.tapped_at = side, now
        return
    if code is None:
        raise fault("/code", "required", fr="Il faut le code.", en="The code is needed.")
    if exchange.code_locked_until is not None and exchange.code_locked_until > now:
        raise CodeLocked()
    if not codes.matches(settings().secret_key, exchange.id, step, code):
        exchange.code_tries += 1
        if exchange.code_tries >= codes.MAX_TRIES:
            exchange.code_tries, exchange.code_locked_until = 0, now + codes.LOCKED_FOR
        db.session.flush()
        raise WrongCode()
    exchange.code_tries, exchange.tapped_by, exchange.tapped_at = 0, None, None


def _give_away(exchange: Exchange) -> None:
    """The copy leaves for good; with the last one the offer ends."""
    if bookings.retire(listing=listing_of(exchange), holder_id=exchange.id, now=clock.now()):
        listings.close_given_away(listing_id=exchange.listing_id)
