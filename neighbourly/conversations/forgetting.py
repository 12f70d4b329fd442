"""What stays of who left in the threads of others: what they wrote, without contact data; nothing where both left."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from neighbourly.accounts.models import User
from neighbourly.conversations.models import Conversation, Message, Participant
from neighbourly.core.db import aliased, db
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.listings.models import Listing

BATCH = 200
"""So many messages are looked at in a transaction: a second's work at their longest."""
_Left = aliased(Participant, name="left_side")


def mask_titles(*, user_id: UUID) -> None:
    """What somebody called the listings that others asked about, or took up, stays there without contact data."""
    theirs = (
        select(Conversation.id, Conversation.known_title, Listing.title)
        .join(Listing, Listing.id == Conversation.listing_id)
        .where(Listing.owner_id == user_id)
    )
    for conversation_id, known, title in db.session.execute(theirs.order_by(Conversation.id)):
        masked = mask_contact_data(known or title)
        if masked != known:
            its = update(Conversation).where(Conversation.id == conversation_id)
            db.session.execute(its.values(known_title=masked))


def empty_deserted(*, user_id: UUID) -> None:
    """What was said between somebody and others who have left already, nobody can read any more: it goes."""
    deserted = (
        select(Participant.conversation_id)
        .join(_Left, _Left.conversation_id == Participant.conversation_id)
        .join(User, User.id == _Left.user_id)
        .where(Participant.user_id == user_id, _Left.user_id != user_id, User.state == "erased")
    )
    said = delete(Message).where(Message.conversation_id.in_(deserted), Message.kind != "step")
    db.session.execute(said.execution_options(synchronize_session=False))
    named = update(Conversation).where(Conversation.id.in_(deserted))
    db.session.execute(named.values(known_title="").execution_options(synchronize_session=False))


def mask_words(*, user_id: UUID, after: UUID | None = None) -> UUID | None:
    """The next messages of somebody's lose their contact data; the last of these, to go on after, or None: no more."""
    theirs = select(Message.id, Message.body).where(Message.author_id == user_id, Message.kind == "text")
    if after is not None:
        theirs = theirs.where(Message.id > after)
    rows = db.session.execute(theirs.order_by(Message.id).limit(BATCH)).all()
    for message_id, body in rows:
        masked = mask_contact_data(body)
        if masked != body:
            db.session.execute(update(Message).where(Message.id == message_id).values(body=masked))
    return rows[-1].id if len(rows) == BATCH else None
