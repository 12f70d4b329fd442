"""Several may propose for one time: once no copy is left for it, those who were not the first hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from neighbourly.bookings.availability import Slot
from neighbourly.bookings.selectors import FOREVER, is_free
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.jobs import defer
from neighbourly.exchanges import policy, proposed
from neighbourly.exchanges.events import ProposalOvertaken
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing


def look_for_overtaken(exchange: Exchange) -> None:
    """After an agreement the other proposals are looked at, once it is committed: who races waits for nothing."""
    if proposed.has_rival(exchange):
        defer("exchanges.tell_overtaken", listing_id=exchange.listing_id)


def list_rivals(*, listing_id: UUID) -> Sequence[UUID]:
    """The proposals for a listing that may be overtaken, the soonest first."""
    return proposed.list_proposed(listing_id)


def tell_overtaken(*, exchange_id: UUID) -> None:
    """Whose proposal cannot be accepted any more hears of it, once, while they can still plan anew (BOK-06).

    It is held while it is looked at: what is accepted at this very moment is taken by itself, and overtaken by nobody.
    """
    proposal = proposed.find_proposed(exchange_id)
    if proposal is not None and is_overtaken(exchange_id=exchange_id):
        publish(ProposalOvertaken(proposal.id))


def is_overtaken(*, exchange_id: UUID) -> bool:
    """Whether every copy has gone to others for a part of the time that somebody proposed, as things stand."""
    proposal = db.session.get_one(Exchange, exchange_id)
    listing = db.session.get_one(Listing, proposal.listing_id)
    return not is_free(listing, Slot(proposal.starts_at, policy.taken_until(proposal) or FOREVER))
