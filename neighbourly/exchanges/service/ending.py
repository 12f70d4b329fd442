"""The end of a listing is the end of what is only proposed on it; what is agreed keeps it from being deleted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from neighbourly.core.db import db
from neighbourly.core.jobs import defer
from neighbourly.exchanges import policy, proposed, selectors
from neighbourly.exchanges.events import ProposalEnded
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.exchanges.service.moving import settle, tell
from neighbourly.exchanges.service.terms import has_ended
from neighbourly.listings.errors import ExchangeOpen
from neighbourly.listings.models import Listing
from neighbourly.preferences.selectors import live_within_reach

AT_ONCE = 20
"""So many end with the tap; what there is beyond them, and what somebody answers at this moment, a moment later."""


def refuse_deletion(*, listing_id: UUID) -> None:
    """What is agreed, or in somebody's hands, goes on under a listing that is there: raises `ExchangeOpen` (BOK-12)."""
    for exchange in selectors.list_resting_on(listing_id):
        if exchange.state != "proposed":
            raise ExchangeOpen(exchange_id=str(exchange.id))


def end_proposals(*, listing_id: UUID, now: bool) -> None:
    """What is only proposed on a listing that has ended ends as a kind no of nobody's (BOK-12).

    `now`: the first of it with this transaction; else all of it a moment later, as where copies are held already.
    """
    listing = db.session.get_one(Listing, listing_id)
    for exchange in proposed.hold_proposed_on(listing_id, AT_ONCE) if now else ():
        _end(exchange, listing)
    if proposed.is_proposed_on(listing_id):
        defer("exchanges.end_proposals", listing_id=listing_id)


def list_proposed_on(*, listing_id: UUID) -> Sequence[UUID]:
    """What is still only proposed on a listing, or to meet it."""
    return proposed.list_proposed_on(listing_id)


def end_proposal(*, exchange_id: UUID, listing_id: UUID) -> None:
    """One of those that were left; not if the listing is shown again, or it was answered meanwhile."""
    exchange = proposed.find_proposed(exchange_id)
    listing = db.session.get_one(Listing, listing_id)
    if exchange is not None and (has_ended(listing) or listing.status == "paused"):
        _end(exchange, listing)


def end_out_of_reach(*, user_id: UUID) -> None:
    """Who moves far away, or whose other side did, is not held to what was only proposed: both are told (BOK-12)."""
    for exchange in proposed.hold_proposed_of(user_id):
        if not live_within_reach(exchange.giver_id, exchange.receiver_id):
            _end(exchange, listing_of(exchange), mover_id=user_id)


def _end(exchange: Exchange, listing: Listing, *, mover_id: UUID | None = None) -> None:
    """Who did not end it hears of it, and writes no more in its thread unless the other side does."""
    ended_by = mover_id or listing.owner_id
    told_id = exchange.receiver_id if exchange.giver_id == ended_by else exchange.giver_id
    exchange.end_reason = policy.OUT_OF_REACH if mover_id else policy.LISTING_ENDED
    settle(exchange, "declined")
    step = "ended_out_of_reach" if mover_id else "ended_with_listing"
    tell(exchange, step, None, ProposalEnded(exchange.id, told_id), closed_to=told_id)
