"""What things stay called in exchanges with who has left: as they were known, without contact data (BOK-12)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, or_, select, update

from neighbourly.accounts.models import User
from neighbourly.answers.models import Answer
from neighbourly.conversations.models import Conversation
from neighbourly.core.db import db
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.listings.naming import name_of_category


def unname_things(user_id: UUID) -> None:
    """What others offered for somebody's needs alone, under the words of these, is called as its category is.

    What its giver called it themselves stays.
    """
    lent = (
        select(Exchange, Listing)
        .join(Listing, Listing.id == Exchange.listing_id)
        .outerjoin(Answer, Answer.id == Exchange.answer_id)
        .where(Exchange.receiver_id == user_id, Listing.private, Exchange.known_title.is_distinct_from(Answer.title))
    )
    for exchange, listing in db.session.execute(lent.order_by(Exchange.id)).all():
        _call(exchange, name_of_category(listing))


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
            _call(exchange, masked)


def _call(exchange: Exchange, title: str) -> None:
    exchange.known_title = title
    db.session.get_one(Conversation, exchange.conversation_id).known_title = title


def empty_deserted(user_id: UUID) -> None:
    """Where both have left nobody is there whose record it would be: nothing is called anything any more."""
    sides = (Exchange.giver_id, Exchange.receiver_id)
    other_left = exists().where(User.id.in_(sides), User.id != user_id, User.state == "erased")
    deserted = update(Exchange).where(or_(*(side == user_id for side in sides)), other_left.correlate(Exchange))
    db.session.execute(deserted.values(known_title="").execution_options(synchronize_session=False))
