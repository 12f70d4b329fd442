"""Use cases of conversations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from neighbourly.accounts.selectors import Actor
from neighbourly.acquaintances import service as acquaintances
from neighbourly.acquaintances.errors import WaitForReply
from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING
from neighbourly.conversations import selectors
from neighbourly.conversations.errors import ConversationClosed, OwnListing
from neighbourly.conversations.events import ConversationRead, MessagePosted
from neighbourly.conversations.models import Conversation, Message, Participant
from neighbourly.conversations.selectors import ConversationView, MessageView
from neighbourly.core import clock
from neighbourly.core.api.pagination import Page
from neighbourly.core.db import db, note_along
from neighbourly.core.errors import IdTaken, NotFound, require
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import get_listing

OPEN_FOR = timedelta(seconds=30)
IN_A_ROW = 3


def open_conversation(
    *, listing: Listing, opener_id: UUID, other_id: UUID, exchange_id: UUID | None = None
) -> Conversation:
    """A thread has two sides and is about one listing, as it is then; that of an exchange is its own."""
    now = clock.now()
    conversation = Conversation(
        id=new_id(), listing_id=listing.id, opener_id=opener_id, exchange_id=exchange_id, created_at=now
    )
    name_conversation(conversation, listing)
    db.session.add(conversation)
    db.session.flush()
    for user_id in (opener_id, other_id):
        db.session.add(Participant(conversation_id=conversation.id, user_id=user_id, last_message_at=now))
    db.session.flush()
    return conversation


def name_conversation(conversation: Conversation, listing: Listing) -> None:
    """The thread is about the listing as it is at this moment, whatever it says later (BOK-12)."""
    conversation.known_title, conversation.known_kind = listing.title, listing.kind


def ask(
    *,
    actor: Actor,
    body: str,
    id: UUID | None = None,
    listing_id: UUID | None = None,
    answer_id: UUID | None = None,
) -> tuple[ConversationView, bool]:
    """Whoever sees a listing may ask its owner, and who asked may write to who said yes or later; one thread for each.

    The same words tapped twice, without an id, are one message. The flag says whether the thread is new. Raises
    `NotFound`, `OwnListing`, `TooManyQuestions` and `WaitForReply`.
    """
    known = db.session.get(Message, id) if id is not None else None
    if known is not None:
        return _asked_before(actor, known, body, listing_id, answer_id), False
    about, other_id = _subject(actor, listing_id, answer_id)
    db.session.execute(select(Listing.id).where(Listing.id == about).with_for_update(key_share=True))
    conversation = selectors.find_question(about, actor.id, other_id)
    new = conversation is None
    if conversation is None:
        listing = db.session.get_one(Listing, about, populate_existing=True)
        conversation = open_conversation(listing=listing, opener_id=actor.id, other_id=other_id)
    if id is not None or not selectors.is_latest(conversation.id, actor.id, body):
        _write(actor, conversation.id, kind="text", body=body, id=id)
    return selectors.view_conversation(conversation.id, actor.id, actor.language), new


def _asked_before(
    actor: Actor, known: Message, body: str, listing_id: UUID | None, answer_id: UUID | None
) -> ConversationView:
    """The thread of a question sent again, whatever became of what it was about; raises `IdTaken` (REL-07)."""
    require((known.author_id, known.kind, known.body) == (actor.id, "text", body), IdTaken)
    sides = selectors.get_sides(known.conversation_id, actor.id)
    thread, theirs = sides.conversation, sides.theirs.user_id
    about = (listing_id, theirs)
    if answer_id is not None:
        answer = db.session.get(Answer, answer_id)
        about = (answer.listing_id, answer.user_id) if answer is not None else (None, theirs)
    require((thread.exchange_id, thread.listing_id, theirs) == (None, *about), IdTaken)
    return selectors.view_conversation(thread.id, actor.id, actor.language)


def _subject(actor: Actor, listing_id: UUID | None, answer_id: UUID | None) -> tuple[UUID, UUID]:
    """What the question is about, and whom it goes to."""
    if answer_id is not None:
        answer = db.session.get(Answer, answer_id)
        if answer is None or answer.answer not in WILLING:
            raise NotFound()
        request = get_listing(answer.listing_id, actor.id)
        require(request.owner_id == actor.id, NotFound)
        return request.id, answer.user_id
    assert listing_id is not None  # noqa: S101  # the schema takes one of the two
    listing = get_listing(listing_id, actor.id)
    require(listing.owner_id != actor.id, OwnListing)
    return listing.id, listing.owner_id


def write_message(
    *, actor: Actor, conversation_id: UUID, body: str | None = None, quick: str | None = None, id: UUID | None = None
) -> tuple[MessageView, bool]:
    """Both sides write until the thread is closed to them, the first words within their budget (SEC-27).

    The same id with the same words is the same message (REL-07).

    The flag says whether it is new. Raises `ConversationClosed`, `WaitForReply` and `TooManyQuestions`.
    """
    kind = "quick" if quick else "text"
    message, new = _write(actor, conversation_id, kind=kind, body=body or "", code=quick, id=id)
    return selectors.view_message(message, actor.id, actor.language), new


def _write(
    actor: Actor, conversation_id: UUID, *, kind: str, body: str, code: str | None = None, id: UUID | None = None
) -> tuple[Message, bool]:
    sides = selectors.get_sides(conversation_id, actor.id, lock=True)
    known = db.session.get(Message, id) if id is not None else None
    if known is not None:
        same = (known.conversation_id, known.author_id, known.kind, known.code, known.body)
        require(same == (conversation_id, actor.id, kind, code, body), IdTaken)
        return known, False
    closes_at = sides.mine.closed_at or sides.conversation.closes_at
    require(closes_at is None or closes_at > clock.now(), ConversationClosed)
    if sides.conversation.exchange_id is None:
        latest = selectors.last_authors(conversation_id, IN_A_ROW)
        require(len(latest) < IN_A_ROW or set(latest) != {actor.id}, WaitForReply)
    acquaintances.spend(author_id=actor.id, reader_id=sides.theirs.user_id, words_at="/body" if body else "/quick")
    sides.theirs.closed_at = None
    message = Message(
        id=id or new_id(), conversation_id=conversation_id, author_id=actor.id, kind=kind, code=code, body=body
    )
    _append(message, [sides.theirs])
    publish(
        MessagePosted(
            message.id,
            conversation_id,
            actor.id,
            sides.theirs.user_id,
            is_open=_looks(sides.theirs),
        )
    )
    return message, True


def _looks(participant: Participant) -> bool:
    return participant.polled_at is not None and participant.polled_at > clock.now() - OPEN_FOR


def _append(message: Message, readers: list[Participant]) -> None:
    message.created_at = clock.now()
    db.session.add(message)
    for reader in readers:
        reader.unread += 1
    db.session.flush()
    db.session.execute(
        update(Participant)
        .where(Participant.conversation_id == message.conversation_id)
        .values(last_message_at=message.created_at)
        .execution_options(synchronize_session=False)
    )


def post_step(
    *,
    conversation_id: UUID,
    code: str,
    actor_id: UUID | None,
    figures: Mapping[str, Any] | None = None,
    closed_to: UUID | None = None,
) -> None:
    """What happens to an exchange stands in its thread, unread for who did not do it; it pushes nothing.

    From then on both may write, but for `closed_to`, who waits for the other's word.
    """
    both = select(Participant).where(Participant.conversation_id == conversation_id)
    sides = db.session.scalars(both.order_by(Participant.user_id).with_for_update()).all()
    for each in sides:
        each.closed_at = clock.now() if each.user_id == closed_to else None
    message = Message(
        id=new_id(),
        conversation_id=conversation_id,
        author_id=actor_id,
        kind="step",
        code=code,
        figures=dict(figures or {}),
    )
    _append(message, [each for each in sides if each.user_id != actor_id])


def post_text(*, conversation_id: UUID, author_id: UUID, body: str) -> None:
    """The words that come with a proposal; its own notification tells of them."""
    other = select(Participant).where(Participant.conversation_id == conversation_id, Participant.user_id != author_id)
    message = Message(
        id=new_id(), conversation_id=conversation_id, author_id=author_id, kind="text", code=None, body=body
    )
    _append(message, list(db.session.scalars(other.with_for_update())))


def close_later(*, conversation_id: UUID, at: datetime | None) -> None:
    """Nobody writes from then on; None opens it again."""
    db.session.get_one(Conversation, conversation_id).closes_at = at


def get_conversation(*, actor: Actor, conversation_id: UUID) -> ConversationView:
    """Only its two sides see a thread."""
    return selectors.view_conversation(conversation_id, actor.id, actor.language)


def get_message(*, actor: Actor, conversation_id: UUID, message_id: UUID) -> MessageView:
    """Only the two sides of a thread see what was said in it."""
    selectors.get_sides(conversation_id, actor.id)
    message = selectors.find_message(conversation_id, message_id)
    if message is None:
        raise NotFound()
    return selectors.view_message(message, actor.id, actor.language)


def list_conversations(*, actor: Actor, limit: int, cursor: str | None) -> Page:
    """One's own threads, the latest first."""
    return selectors.list_conversations(actor.id, language=actor.language, limit=limit, cursor=cursor)


def list_messages(
    *, actor: Actor, conversation_id: UUID, limit: int, cursor: str | None, after: UUID | None = None
) -> Page:
    """Only the two sides read; that a device looks is noted, so that an open chat gets no push (FCM-09)."""
    _note_look(conversation_id, actor.id)
    return selectors.list_messages(
        conversation_id, actor.id, language=actor.language, limit=limit, cursor=cursor, after=after
    )


def _note_look(conversation_id: UUID, user_id: UUID) -> None:
    """One statement, which also says whether this person may look: `NotFound` otherwise."""
    mine = Participant.conversation_id == conversation_id, Participant.user_id == user_id
    looked = (
        update(Participant)
        .where(*mine, selectors.may_read(conversation_id, user_id))
        .values(polled_at=clock.now())
        .returning(Participant.user_id)
        .execution_options(synchronize_session=False)
    )
    require(db.session.scalars(looked).one_or_none() is not None, NotFound)
    note_along()


def read_conversation(*, actor: Actor, conversation_id: UUID, up_to: UUID | None = None) -> ConversationView:
    """What one has read is read, up to a message or all of it; it is never unread again."""
    sides = selectors.get_sides(conversation_id, actor.id, lock=True)
    until = clock.now()
    if up_to is not None:
        message = selectors.find_message(conversation_id, up_to)
        require(message is not None, NotFound)
        until = message.created_at if message is not None else until
    sides.mine.read_at = max(until, sides.mine.read_at or until)
    later = select(func.count()).where(
        Message.conversation_id == conversation_id,
        Message.created_at > sides.mine.read_at,
        Message.author_id.is_distinct_from(actor.id),
    )
    sides.mine.unread = min(sides.mine.unread, db.session.scalar(later) or 0)
    db.session.flush()
    publish(ConversationRead(conversation_id, actor.id))
    return selectors.view_conversation(conversation_id, actor.id, actor.language)
