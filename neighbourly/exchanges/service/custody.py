"""One copy is with one person: handing over what is out is the return of the loan before (BOK-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from neighbourly.bookings import service as bookings
from neighbourly.bookings.errors import AlreadyBooked
from neighbourly.bookings.selectors import list_occupations, lock_copies
from neighbourly.bookings.service.custody import CopyChoice
from neighbourly.core.errors import require
from neighbourly.exchanges import selectors
from neighbourly.exchanges.errors import ReturnFirst
from neighbourly.exchanges.events import SettlementProposed, ThingReturned
from neighbourly.exchanges.lifecycle import Side
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.hand_over_period import HandOverPeriod
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.exchanges.service.moving import settle, tell


def lock_what_is_out(exchange: Exchange) -> Sequence[Exchange]:
    """The loans of what is to be handed over that are out; from here on none of them, and no copy, changes hands.

    The loans are locked before the copies, as by each tap on them; for one that began between the two nobody waits.
    Raises `AlreadyBooked` where that took the last copy, or somebody is at it: it is not returned by this tap.
    """
    before = {each.id for each in selectors.list_out(exchange.listing_id, lock=True)}
    lock_copies(exchange.listing_id)
    out = selectors.list_out(exchange.listing_id, lock=True, skip_locked=True)
    now_out = {each.id for each in selectors.list_out(exchange.listing_id)}
    require(now_out <= before or len(now_out) < listing_of(exchange).quantity, AlreadyBooked)
    require(now_out == {each.id for each in out}, AlreadyBooked)
    return out


def take_copy(
    exchange: Exchange, period: HandOverPeriod, out: Sequence[Exchange], *, side: Side, owner_agrees: bool
) -> None:
    """The receiver has a copy from now on; where every copy is out, the loan of that one ends by it.

    Raises `ReturnFirst` where its owner has not agreed to that, or its return needs a code; `AlreadyBooked` where
    another booking lies in that time.
    """
    choice = _choose(exchange, out, period)
    for earlier in out:
        if earlier.id in choice.returned_by:
            _require_return(earlier, side, owner_agrees=owner_agrees)
            _end_by_handing_on(earlier, period.at)
    bookings.take_in_hand(
        listing=listing_of(exchange),
        holder_id=exchange.id,
        copy_id=choice.copy_id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
    )


def require_at_home(exchange: Exchange) -> None:
    """Before its owner shows a code for the hand-over: raises `ReturnFirst`, which names the loan that comes first."""
    out = selectors.list_out(exchange.listing_id)
    if len(out) < listing_of(exchange).quantity:
        return
    copies = {each.holder_id: each.copy_id for each in list_occupations([exchange.id, *(each.id for each in out)])}
    own = [each for each in out if copies.get(each.id) == copies.get(exchange.id)]
    for earlier in own or _by_due(out)[:1]:
        _require_return(earlier, "giver", owner_agrees=True)


def _choose(exchange: Exchange, out: Sequence[Exchange], period: HandOverPeriod) -> CopyChoice:
    return bookings.choose_copy(
        listing=listing_of(exchange),
        holder_id=exchange.id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        out=[each.id for each in _by_due(out)],
    )


def _by_due(out: Sequence[Exchange]) -> list[Exchange]:
    return sorted(out, key=lambda each: (each.ends_at or each.starts_at, each.id))


def _require_return(earlier: Exchange, side: Side, *, owner_agrees: bool) -> None:
    """The owner's tap, or their code, says that it is back, unless that needs a code of its own; nobody else's does."""
    if owner_agrees and not (earlier.requires_code and earlier.state == "handed_over"):
        return
    raise ReturnFirst(exchange_id=str(earlier.id) if side == "giver" else None)


def _end_by_handing_on(earlier: Exchange, now: datetime) -> None:
    """It is back, as its owner hands it to the next; its borrower may object. Of a dispute that is one side's word."""
    giver_id = earlier.giver_id
    bookings.give_back(listing=listing_of(earlier), holder_id=earlier.id, now=now, rests=False)
    if earlier.state == "disputed" and not (earlier.settle_as == "returned" and earlier.awaiting == "giver"):
        earlier.disputed_from, earlier.settle_as = "returned", "returned"
        settle(earlier, "disputed", awaiting="receiver")
        tell(earlier, "settlement_proposed", giver_id, SettlementProposed(earlier.id, giver_id))
        return
    earlier.tapped_by, earlier.tapped_at = "giver", now
    settle(earlier, "returned")
    tell(earlier, "returned", giver_id, ThingReturned(earlier.id, giver_id, handed_on=True), how="handed_on")
