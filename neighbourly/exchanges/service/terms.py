"""What two agree on, as the listings say it that it rests on: kept, compared, and held while they agree."""

from __future__ import annotations

from sqlalchemy import select

from neighbourly.conversations import service as conversations
from neighbourly.conversations.models import Conversation
from neighbourly.core.db import db
from neighbourly.core.errors import require
from neighbourly.exchanges import consent
from neighbourly.exchanges.errors import NoLongerOffered, OtherThanProposed
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing

OVER = frozenset({"closed", "fulfilled", "expired", "removed"})
"""States of a listing in which nothing new is agreed on it."""


def keep_thing(exchange: Exchange) -> None:
    """To both sides the thing stays as it is at this moment, in the exchange and in its thread (BOK-12)."""
    listing = listing_of(exchange)
    exchange.keep(listing)
    thread = db.session.get_one(Conversation, exchange.conversation_id)
    conversations.name_conversation(thread, listing)


def digest_terms(exchange: Exchange) -> bytes:
    """What would be agreed, as the thing and the need stand at this moment."""
    return consent.digest_terms(listing_of(exchange), _need_of(exchange))


def _need_of(exchange: Exchange) -> Listing | None:
    return None if exchange.request_id is None else db.session.get_one(Listing, exchange.request_id)


def require_as_proposed(exchange: Exchange) -> None:
    """Nobody agrees to more than they saw: raises `OtherThanProposed` (CON-10)."""
    require(exchange.terms_digest in (None, digest_terms(exchange)), OtherThanProposed)


def require_same_kind(exchange: Exchange) -> None:
    """No counter makes a loan a gift or a help: raises `OtherThanProposed` where the listing does by now."""
    require(consent.kind_of(listing_of(exchange), _need_of(exchange)) == exchange.kind, OtherThanProposed)


def has_ended(listing: Listing) -> bool:
    """Whether nothing new is agreed on it; what somebody offered for one need alone lasts as long as the need."""
    return listing.deleted_at is not None or (listing.status in OVER and not listing.private)


def require_going_on(exchange: Exchange) -> None:
    """Nobody agrees on what is gone: raises `NoLongerOffered`.

    What a yes came with is its giver's word, be it shown or not.
    """
    thing, need = listing_of(exchange), _need_of(exchange)
    gone = thing.deleted_at is not None or thing.status == "removed"
    require(not gone and (exchange.answer_id is not None or not has_ended(thing)), NoLongerOffered)
    require(need is None or not has_ended(need), NoLongerOffered)


def hold_terms(exchange: Exchange) -> None:
    """What two agree on says what was proposed, and nobody edits it until the transaction ends (BOK-12).

    The listings are locked after the copies, as by whoever ends a need or an offer with an exchange. Raises
    `OtherThanProposed`.
    """
    rests_on = select(Listing).where(Listing.id.in_({exchange.listing_id, exchange.request_id or exchange.listing_id}))
    held = rests_on.order_by(Listing.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    for listing in db.session.scalars(held):
        listings.affirm_kind(listing)
    require_as_proposed(exchange)
    if exchange.known_title is None:  # an earlier version kept none when it was proposed
        keep_thing(exchange)
