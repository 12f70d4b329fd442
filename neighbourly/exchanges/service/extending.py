"""Keeping something longer: the owner decides, and whoever comes next is not pushed aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings import service as bookings
from neighbourly.core import clock
from neighbourly.core.errors import fault
from neighbourly.exchanges.events import ExtensionAnswered, ExtensionLapsed, ExtensionRequested
from neighbourly.exchanges.lifecycle import Action
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.alternatives import naming_latest_end
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.exchanges.service.moving import claim, settle, tell
from neighbourly.exchanges.service.times import check_span


def extend_loan(*, actor: Actor, exchange_id: UUID, ends_at: datetime) -> Exchange:
    """The borrower asks, the owner grants; an owner who extends has granted it.

    Raises `LoanTooLong` and `AlreadyBooked`.
    """
    exchange, side, move = claim(actor, exchange_id, Action.EXTEND)
    if exchange.ends_at is not None and ends_at <= exchange.ends_at:
        raise fault(
            "/ends_at", "ends_before_it_ends", fr="C'est plus tôt que prévu.", en="This is sooner than it ends."
        )
    check_span(clock.now(), ends_at)
    begins = max(exchange.starts_at, exchange.handed_over_at or exchange.starts_at)
    bookings.check_length(listing=listing_of(exchange), starts_at=begins, ends_at=ends_at)
    exchange.extend_to = ends_at
    if side == "giver":
        return _grant(actor, exchange)
    with naming_latest_end(exchange, clock.now()):
        bookings.check_extension(listing=listing_of(exchange), holder_id=exchange.id, ends_at=ends_at)
    settle(exchange, move.to, awaiting="giver")
    tell(exchange, "extension_requested", actor.id, ExtensionRequested(exchange.id, actor.id))
    return exchange


def grant_extension(*, actor: Actor, exchange_id: UUID) -> Exchange:
    """The owner says yes; raises `AlreadyBooked` where the next one waits for it."""
    exchange, _, _ = claim(actor, exchange_id, Action.GRANT)
    return _grant(actor, exchange)


def _grant(actor: Actor, exchange: Exchange) -> Exchange:
    """It ends later from now on; a yes that comes after that new end changes nothing of its being late."""
    assert exchange.extend_to is not None  # noqa: S101  # the table lets nobody grant what was not asked
    with naming_latest_end(exchange, clock.now()):
        bookings.extend(listing=listing_of(exchange), holder_id=exchange.id, ends_at=exchange.extend_to)
    exchange.ends_at, exchange.extend_to = exchange.extend_to, None
    settle(exchange, exchange.state)
    tell(exchange, "extension_granted", actor.id, ExtensionAnswered(exchange.id, actor.id, granted=True))
    return exchange


def end_wish(exchange: Exchange) -> None:
    """A wish that nobody answered in time ends, and the loan with it as was agreed."""
    exchange.extend_to = None
    settle(exchange, exchange.state)
    tell(exchange, "extension_lapsed", None, ExtensionLapsed(exchange.id))


def refuse_extension(*, actor: Actor, exchange_id: UUID) -> Exchange:
    """The owner says no, and it ends as was agreed."""
    exchange, _, _ = claim(actor, exchange_id, Action.REFUSE)
    exchange.extend_to = None
    settle(exchange, exchange.state)
    tell(exchange, "extension_refused", actor.id, ExtensionAnswered(exchange.id, actor.id, granted=False))
    return exchange
