"""Reading conversations: only its two sides see one, and nobody sees one with somebody blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select, tuple_

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.conversations.models import Conversation, Message, Participant
from neighbourly.conversations.wording import known_as, words_of
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.api.pagination import Key, moment, uuid
from neighbourly.core.db import aliased, db
from neighbourly.core.errors import NotFound
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import OwnerSummary, excerpt
from neighbourly.preferences.models import Preferences

_Mine = aliased(Participant, name="mine")
_Theirs = aliased(Participant, name="theirs")
_Other = aliased(Participant, name="other_side")
_Last = aliased(Message, name="last")
_Author = aliased(User, name="author")


@dataclass(frozen=True)
class ListingBrief:
    """What a conversation is about."""

    id: UUID
    title: str
    kind: str | None


@dataclass(frozen=True)
class ConversationView:
    """A thread as one side sees it."""

    id: UUID
    exchange_id: UUID | None
    listing: ListingBrief
    other: OwnerSummary
    last_message: str
    last_message_at: datetime
    unread: int
    read_by_other_at: datetime | None
    """Up to when the other has read, where they show it."""
    closes_at: datetime | None

    @property
    def closed(self) -> bool:
        """Whether nobody writes any more."""
        return self.closes_at is not None and self.closes_at <= clock.now()


@dataclass(frozen=True)
class MessageView:
    """A message in the reader's language."""

    id: UUID
    kind: str
    code: str | None
    body: str
    author: OwnerSummary | None
    mine: bool
    created_at: datetime


def _between(viewer_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return _Mine.user_id == viewer_id, unblocked(viewer_id, _Theirs.user_id)


def _as_known(kept: Any, current: Any) -> ColumnElement[Any]:
    """What a thread keeps of its listing; as the listing says now where an earlier version began it."""
    return case((Conversation.known_title.is_(None), current), else_=kept)


def _threads(viewer_id: UUID) -> Any:
    """Every thread of someone with all that is shown of it: one row each."""
    latest = (
        select(Message.id)
        .where(Message.conversation_id == _Mine.conversation_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            _Mine.conversation_id,
            _Mine.last_message_at,
            _Mine.unread,
            Conversation.exchange_id,
            func.coalesce(_Mine.closed_at, Conversation.closes_at).label("closes_at"),
            Listing.id.label("listing_id"),
            _as_known(Conversation.known_title, Listing.title).label("title"),
            _as_known(Conversation.known_kind, Listing.kind).label("listing_kind"),
            User.id.label("other_id"),
            User.display_name,
            User.state,
            _Theirs.read_at,
            Preferences.show_read_marks,
            _Last.kind,
            _Last.code,
            _Last.body,
            _Last.figures,
            _Author.display_name.label("author_name"),
            _Author.state.label("author_state"),
        )
        .join(Conversation, Conversation.id == _Mine.conversation_id)
        .join(_Theirs, and_(_Theirs.conversation_id == _Mine.conversation_id, _Theirs.user_id != _Mine.user_id))
        .join(User, User.id == _Theirs.user_id)
        .join(Listing, Listing.id == Conversation.listing_id)
        .outerjoin(Preferences, Preferences.user_id == _Theirs.user_id)
        .outerjoin(_Last, _Last.id == latest)
        .outerjoin(_Author, _Author.id == _Last.author_id)
        .where(*_between(viewer_id))
    )


def list_conversations(viewer_id: UUID, *, language: str, limit: int, cursor: str | None) -> pagination.Page:
    """Someone's threads, those first in which something was said last; one statement."""
    keys = (
        Key("last_message_at", _Mine.last_message_at, moment, descending=True),
        Key("conversation_id", _Mine.conversation_id, uuid, descending=True),
    )
    rows, following = pagination.page(_threads(viewer_id), keys, limit=limit, cursor=cursor)
    return pagination.Page([_view(row, language) for row in rows], following)


def view_conversation(conversation_id: UUID, viewer_id: UUID, language: str) -> ConversationView:
    """One thread, or `NotFound`."""
    statement = _threads(viewer_id).where(_Mine.conversation_id == conversation_id)
    row = db.session.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound()
    return _view(row, language)


def _view(row: Any, language: str) -> ConversationView:
    author = row["author_name"] and known_as(row["author_name"], row["author_state"], language)
    said = words_of(row["kind"] or "text", row["code"], row["body"] or "", author, language, figures=row["figures"])
    return ConversationView(
        row["conversation_id"],
        row["exchange_id"],
        ListingBrief(row["listing_id"], row["title"], row["listing_kind"]),
        {
            "id": row["other_id"],
            "display_name": known_as(row["display_name"], row["state"], language),
            "photo": None,
        },
        excerpt(said),
        row["last_message_at"],
        row["unread"],
        row["read_at"] if row["show_read_marks"] else None,
        row["closes_at"],
    )


@dataclass(frozen=True)
class Sides:
    """The two sides of a thread, from the point of view of one."""

    conversation: Conversation
    mine: Participant
    theirs: Participant


def get_sides(conversation_id: UUID, viewer_id: UUID, *, lock: bool = False) -> Sides:
    """The thread for one of its sides, or `NotFound`; with a lock, both rows are held in the order of their people."""
    statement = (
        select(Participant, Conversation)
        .join(Conversation, Conversation.id == Participant.conversation_id)
        .where(Participant.conversation_id == conversation_id)
        .order_by(Participant.user_id)
    )
    if lock:
        statement = statement.with_for_update(of=Participant).execution_options(populate_existing=True)
    rows = db.session.execute(statement).all()
    mine = [row.Participant for row in rows if row.Participant.user_id == viewer_id]
    theirs = [row.Participant for row in rows if row.Participant.user_id != viewer_id]
    if not mine or not theirs or not _may_meet(viewer_id, theirs[0].user_id):
        raise NotFound()
    return Sides(rows[0].Conversation, mine[0], theirs[0])


def _may_meet(viewer_id: UUID, other_id: UUID) -> bool:
    met = select(User.id).where(User.id == other_id, unblocked(viewer_id, User.id))
    return db.session.scalar(met) is not None


def list_messages(
    conversation_id: UUID, viewer_id: UUID, *, language: str, limit: int, cursor: str | None, after: UUID | None
) -> pagination.Page:
    """The messages of a thread, newest first; after one, the following ones, oldest first. One statement."""
    statement = (
        select(Message, Message.created_at, Message.id, _Author.display_name, _Author.state)
        .outerjoin(_Author, _Author.id == Message.author_id)
        .where(Message.conversation_id == conversation_id)
    )
    forward = after is not None
    keys = (
        Key("created_at", Message.created_at, moment, descending=not forward),
        Key("id", Message.id, uuid, descending=not forward),
    )
    if after is not None and cursor is None:
        known = select(Message.created_at, Message.id).where(
            Message.conversation_id == conversation_id, Message.id == after
        )
        statement = statement.where(tuple_(Message.created_at, Message.id) > known.scalar_subquery())
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    return pagination.Page([_message(row, viewer_id, language) for row in rows], following)


def view_message(message: Message, viewer_id: UUID, language: str) -> MessageView:
    """A message as one side sees it."""
    author = db.session.get(User, message.author_id) if message.author_id else None
    row = {
        "Message": message,
        "display_name": author.display_name if author else None,
        "state": author.state if author else None,
    }
    return _message(row, viewer_id, language)


def _message(row: Any, viewer_id: UUID, language: str) -> MessageView:
    message: Message = row["Message"]
    name = None if row["display_name"] is None else known_as(row["display_name"], row["state"], language)
    author: OwnerSummary | None = None
    if message.author_id is not None and name is not None:
        author = {"id": message.author_id, "display_name": name, "photo": None}
    body = words_of(message.kind, message.code, message.body, name, language, figures=message.figures)
    return MessageView(
        message.id, message.kind, message.code, body, author, message.author_id == viewer_id, message.created_at
    )


def find_message(conversation_id: UUID, message_id: UUID) -> Message | None:
    """A message of that thread, if there is one."""
    statement = select(Message).where(Message.conversation_id == conversation_id, Message.id == message_id)
    return db.session.scalars(statement).one_or_none()


def find_question(listing_id: UUID, opener_id: UUID, other_id: UUID) -> Conversation | None:
    """The thread in which somebody asked somebody about a listing."""
    statement = (
        select(Conversation)
        .join(Participant, Participant.conversation_id == Conversation.id)
        .where(
            Conversation.listing_id == listing_id,
            Conversation.opener_id == opener_id,
            Conversation.exchange_id.is_(None),
            Participant.user_id == other_id,
        )
    )
    return db.session.scalars(statement).one_or_none()


def is_latest(conversation_id: UUID, author_id: UUID, body: str) -> bool:
    """Whether just this is what was written last, by this person."""
    latest = select(Message.author_id, Message.body).where(Message.conversation_id == conversation_id)
    row = db.session.execute(latest.order_by(Message.created_at.desc(), Message.id.desc()).limit(1)).one_or_none()
    return row is not None and tuple(row) == (author_id, body)


def last_authors(conversation_id: UUID, count: int) -> Sequence[UUID | None]:
    """Who wrote the last few messages."""
    latest = select(Message.author_id).where(Message.conversation_id == conversation_id, Message.kind != "step")
    return db.session.scalars(latest.order_by(Message.created_at.desc(), Message.id.desc()).limit(count)).all()


def may_read(conversation_id: UUID, viewer_id: UUID) -> ColumnElement[bool]:
    """That no block stands between the two sides of a thread, as a part of a statement."""
    theirs = _Other.conversation_id == conversation_id, _Other.user_id != viewer_id
    return exists().where(*theirs, unblocked(viewer_id, _Other.user_id))
