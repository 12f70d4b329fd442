"""From when until when a thing is with the receiver, handed over on time, early, or after its end (BOK-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from neighbourly.bookings import service as bookings
from neighbourly.bookings.selectors import time_zone_of
from neighbourly.bookings.wall_clock import end_after, length_between
from neighbourly.core.errors import fault
from neighbourly.exchanges.lifecycle import LOAN, Side
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.exchanges.service.times import check_span


@dataclass(frozen=True)
class HandOverPeriod:
    """When it begins and ends, as said at a moment; `late`: the end that was agreed had passed, and this is another."""

    at: datetime
    starts_at: datetime
    ends_at: datetime | None
    late: bool = False


def period_of_hand_over(
    exchange: Exchange, *, side: Side, now: datetime, ends_at: datetime | None = None
) -> HandOverPeriod:
    """On time it ends as agreed; after that end at `ends_at`, or after the agreed length: nothing is overdue at once.

    The receiver alone may not take longer than was agreed; raises a fault of `/ends_at`, and `LoanTooLong`.
    """
    begins = min(exchange.starts_at, now) if exchange.state == "accepted" else now
    if exchange.kind != LOAN or exchange.ends_at is None or exchange.ends_at > now:
        _require_as_agreed(exchange, ends_at)
        return HandOverPeriod(now, begins, exchange.ends_at if exchange.kind == LOAN else None)
    as_agreed = _end_after_length_agreed(exchange, exchange.ends_at, now)
    until = ends_at or as_agreed
    check_span(now, until)
    if side == "receiver" and until > as_agreed:
        raise fault(
            "/ends_at",
            "longer_than_agreed",
            fr="C'est plus long que convenu\u00a0: demandez à prolonger.",
            en="This is longer than agreed: ask for more time.",
        )
    if ends_at is not None:
        bookings.check_length(listing=listing_of(exchange), starts_at=now, ends_at=until)
    return HandOverPeriod(now, now, until, late=True)


def _end_after_length_agreed(exchange: Exchange, ends_at: datetime, now: datetime) -> datetime:
    """When it ends if it begins now and lasts as many of its owner's days as was agreed (BOK-03)."""
    zone = time_zone_of(exchange.giver_id)
    return end_after(now, length_between(exchange.starts_at, ends_at, zone), zone)


def _require_as_agreed(exchange: Exchange, ends_at: datetime | None) -> None:
    """Before its end it is `extend` that moves it, and a gift has none."""
    if ends_at not in (None, exchange.ends_at):
        raise fault(
            "/ends_at",
            "ends_as_agreed",
            fr="La fin convenue n'est pas passée\u00a0: demandez à prolonger.",
            en="The agreed end has not passed: ask for more time.",
        )
