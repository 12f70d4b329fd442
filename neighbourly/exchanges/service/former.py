"""What things stay called in exchanges with who has left: as they were known, without contact data (BOK-12)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, or_, select, update

from neighbourly.accounts.models import User
from neighbourly.conversations.models import Conversation
from neighbourly.core.db import db
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing


def mask_titles(user_id: UUID) -> None:
    """No contact data stays in what somebody called the things, or the needs, of their exchanges; threads follow."""
    theirs = select(Listing.id).where(Listing.owner_id == user_id)
    worded = or_(Exchange.listing_id.in_(theirs), Exchange.request_id.in_(theirs))
    named = (
        select(Exchange, Listing.title)
        .join(Listing, Listing.id == Exchange.listing_id)
        .where(or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id), worded)
    )
    for exchange, title in db.session.execute(named.order_by(Exchange.id)).all():
        masked = mask_contact_data(exchange.known_title or title)
        if masked != exchange.known_title:
            exchange.known_title = masked
            db.session.get_one(Conversation, exchange.conversation_id).known_title = masked


def empty_deserted(user_id: UUID) -> None:
    """Where both have left nobody is there whose record it would be: nothing is called anything any more."""
    sides = (Exchange.giver_id, Exchange.receiver_id)
    other_left = exists().where(User.id.in_(sides), User.id != user_id, User.state == "erased")
    deserted = update(Exchange).where(or_(*(side == user_id for side in sides)), other_left.correlate(Exchange))
    db.session.execute(deserted.values(known_title="").execution_options(synchronize_session=False))
