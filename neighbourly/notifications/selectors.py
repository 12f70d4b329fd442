"""Reading what people were told, as far as they may see it at this moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, SQLColumnExpression, and_, case, exists, func, select

from neighbourly.accounts.models import User
from neighbourly.accounts.names import first_word
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.conversations.models import Conversation, Message
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import aliased, db
from neighbourly.core.errors import NotFound
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import have_parted
from neighbourly.listings.models import Listing
from neighbourly.notifications.catalogue import CATALOGUE, PLACELESS, Subject, link, words
from neighbourly.notifications.models import MESSAGE, Delivery, Notification
from neighbourly.notifications.opening import listing_opens, opens
from neighbourly.notifications.times import hold, when_of
from neighbourly.preferences.absence import absence_of
from neighbourly.preferences.models import Preferences

UTC = "UTC"
ABOUT_ANSWERS = ("request_nearby", "answer_received")
IN_A_ROW = timedelta(days=1)
"""How long several messages are one push; what is said later is told anew."""
_Person = aliased(User, name="person")
_About = aliased(Listing, name="about")
_Others = aliased(Preferences, name="others")
_Unread = aliased(Notification, name="unread")
OPENS = opens(Notification)
_OPENS_UNREAD, _LISTING_OPENS = opens(_Unread), listing_opens(Notification)


_TOLD = (
    Notification.id,
    Notification.type,
    Notification.data,
    Notification.listing_id,
    Notification.exchange_id,
    Notification.conversation_id,
    Notification.created_at,
    Notification.read_at,
)
_TIMES = (
    Exchange.starts_at,
    Exchange.ends_at,
    Exchange.extend_to,
    Exchange.tapped_at,
    Exchange.done_at,
    Preferences.time_zone,
    _Others.time_zone.label("others_zone"),
    Preferences.away_since,
    Preferences.away_until,
    _Others.away_since.label("others_away_since"),
    _Others.away_until.label("others_away_until"),
)
"""The moments that words may name, and on whose clocks."""


def told() -> Select[*tuple[Any, ...]]:
    """Every notification with what it is about: one row each, by which `subject_of` knows what its receiver may see.

    Types that this version does not know are left to the one that wrote them: both run while one replaces the other.
    """
    viewer = Notification.user_id
    other = case((Exchange.giver_id == viewer, Exchange.receiver_id), else_=Exchange.giver_id)
    answerer = case((Notification.type == "request_nearby", viewer), else_=Notification.actor_id)
    return (
        select(
            *_TOLD,
            _Person.display_name,
            and_(_Person.state == "active", unblocked(viewer, _Person.id)).label("person_seen"),
            _title().label("title"),
            _is_hidden(viewer).label("hidden"),
            func.coalesce(Exchange.state, _About.status).label("status"),
            _About.expires_at,
            _About.deleted_at,
            _LISTING_OPENS.label("listing_opens"),
            Answer.answer,
            *_TIMES,
        )
        .select_from(Notification)
        .outerjoin(_Person, _Person.id == Notification.actor_id)
        .outerjoin(_About, _About.id == Notification.listing_id)
        .outerjoin(Exchange, Exchange.id == Notification.exchange_id)
        .outerjoin(Conversation, Conversation.id == Notification.conversation_id)
        .outerjoin(Preferences, Preferences.user_id == viewer)
        .outerjoin(_Others, _Others.user_id == other)
        .outerjoin(
            Answer,
            and_(Answer.listing_id == _About.id, Answer.user_id == answerer, Notification.type.in_(ABOUT_ANSWERS)),
        )
        .where(Notification.type.in_(CATALOGUE))
    )


def _title() -> ColumnElement[str]:
    """What the listing is called: the thing of an exchange, or of a thread, as it was then (BOK-12)."""
    return func.coalesce(Exchange.known_title, Conversation.known_title, _About.title)


def _is_hidden(viewer: Any) -> ColumnElement[bool]:
    """That the thing is the other's, and a block stands between the two."""
    parted = have_parted(Exchange.giver_id, Exchange.receiver_id)
    return and_(Exchange.id.is_not(None), _About.owner_id != viewer, parted)


def subject_of(row: Row[Any]) -> Subject:
    """What a row of `told` is about, without what its receiver may not see, or no longer."""
    telling = CATALOGUE[row.type]
    name = first_word(row.display_name) if row.person_seen else None
    had_a_part = telling.had_a_part and name is not None and row.status in telling.still_while
    seen = row.exchange_id is not None or row.listing_opens or (row.deleted_at is None and had_a_part)
    figures = row.data
    if (when := _when_said(row)) is not None:
        figures = {**figures, "when": when.isoformat()}
    title = _title_of(row) if seen else figures.get("title")
    return Subject(name, title, figures, row.time_zone or UTC, row.others_zone)


def _when_said(row: Row[Any]) -> datetime | None:
    """The moment that the words name: as it was written, where that was done; of a window as it is held (NOT-01)."""
    variant, written = row.data.get("variant"), row.data.get("when")
    when = when_of(row.type, variant, row) if written is None else datetime.fromisoformat(written)
    own = absence_of(row.away_since, row.away_until)
    others = absence_of(row.others_away_since, row.others_away_until)
    return when and hold(row.type, variant, when, own, others)


def _title_of(row: Row[Any]) -> str | None:
    """Behind a block as if the other had left, who leaves no contact data behind (SEC-27)."""
    return (mask_contact_data(row.title) if row.hidden else row.title) or None


def ids_of(row: Row[Any], public_url: str) -> dict[str, Any]:
    """The ids of what a row of `told` is about, as far as they lead somewhere, and where a tap leads."""
    listing_id = row.listing_id if row.listing_opens and row.type not in PLACELESS else None
    return {
        "listing_id": listing_id,
        "exchange_id": row.exchange_id,
        "conversation_id": row.conversation_id,
        "link": None if row.type == "moderation_case" else link(public_url, listing_id, row.exchange_id),
    }


@dataclass(frozen=True)
class Told:
    """A notification in the words of one language; `data` holds ids and a link."""

    id: UUID
    type: str
    title: str
    body: str
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


def list_notifications(
    viewer_id: UUID, *, unread: bool, limit: int, cursor: str | None, language: str, public_url: str
) -> pagination.Page:
    """Someone's inbox, newest first; one statement."""
    statement = told().where(Notification.user_id == viewer_id, OPENS)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    keys = pagination.newest_first(Notification.created_at, Notification.id)
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    return pagination.Page([_in_words(row, language, public_url) for row in rows], following)


def get_notification(viewer_id: UUID, notification_id: UUID, *, language: str, public_url: str) -> Told:
    """One of one's own, or `NotFound`."""
    mine = told().where(Notification.user_id == viewer_id, Notification.id == notification_id, OPENS)
    row = db.session.execute(mine).one_or_none()
    if row is None:
        raise NotFound()
    return _in_words(row, language, public_url)


def _in_words(row: Any, language: str, public_url: str) -> Told:
    wording = words(row.type, subject_of(row), language)
    data = ids_of(row, public_url)
    return Told(row.id, row.type, wording.title, wording.body, data, row.created_at, row.read_at)


def unread_of(person: UUID | SQLColumnExpression[UUID], most: int | None = None) -> ScalarSelect[int]:
    """How many notifications someone has not read, of those that the inbox shows, as a part of a statement.

    `most`: no more are counted, however many years' worth lie there.
    """
    theirs = select(_Unread.id).where(_Unread.user_id == person, _Unread.read_at.is_(None), _OPENS_UNREAD)
    if most is None:
        return theirs.with_only_columns(func.count()).scalar_subquery()
    counted = theirs.limit(most).correlate_except(_Unread).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()


def list_told(people: Collection[UUID], type_name: str, *, since: datetime) -> set[UUID]:
    """Which of these were told something of a type since then; one statement."""
    told = select(Notification.user_id).where(
        Notification.user_id.in_(people), Notification.type == type_name, Notification.created_at > since
    )
    return set(db.session.scalars(told))


def list_told_of_actor(
    people: Collection[UUID], type_name: str, actor_id: UUID, *, since: datetime, times: int
) -> set[UUID]:
    """Which of these were told so many times or more of something of one person's since then; one statement."""
    told = select(Notification.user_id).where(
        Notification.user_id.in_(people),
        Notification.type == type_name,
        Notification.actor_id == actor_id,
        Notification.created_at > since,
    )
    return set(db.session.scalars(told.group_by(Notification.user_id).having(func.count() >= times)))


def is_told_of_listing(user_id: UUID, type_name: str, listing_id: UUID, *, since: datetime) -> bool:
    """Whether someone was told something of a type about a listing since then; one statement."""
    told = exists().where(
        Notification.user_id == user_id,
        Notification.type == type_name,
        Notification.listing_id == listing_id,
        Notification.created_at > since,
    )
    return bool(db.session.scalar(select(told)))


def has_unread(user_id: UUID, type_name: str, exchange_id: UUID, *, since: datetime) -> bool:
    """Whether someone was told something of a type about an exchange since then and has not read it; one statement."""
    told = exists().where(
        *_told_of_exchange(user_id, type_name, exchange_id),
        Notification.read_at.is_(None),
        Notification.created_at > since,
    )
    return bool(db.session.scalar(select(told)))


def has_rung(user_id: UUID, type_name: str, exchange_id: UUID, *, since: datetime) -> bool:
    """Whether what someone was told of a type about an exchange since then went to a phone; one statement."""
    rung = exists().where(
        *_told_of_exchange(user_id, type_name, exchange_id),
        Notification.created_at > since,
        Delivery.notification_id == Notification.id,
    )
    return bool(db.session.scalar(select(rung)))


def _told_of_exchange(user_id: UUID, type_name: str, exchange_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.user_id == user_id,
        Notification.type == type_name,
        Notification.exchange_id == exchange_id,
    )


def count_told(user_id: UUID, type_name: str, exchange_id: UUID) -> int:
    """How often someone was told something of a type about an exchange; one statement."""
    told = select(func.count()).where(*_told_of_exchange(user_id, type_name, exchange_id))
    return db.session.scalar(told) or 0


def is_told_of_chat(reader_id: UUID, conversation_id: UUID) -> bool:
    """Whether the reader was told within a day that something was written, and has neither read nor answered since."""
    answered = select(func.max(Message.created_at)).where(
        Message.conversation_id == conversation_id, Message.author_id == reader_id
    )
    told = exists().where(
        Notification.user_id == reader_id,
        Notification.type == MESSAGE,
        Notification.conversation_id == conversation_id,
        Notification.read_at.is_(None),
        Notification.created_at > func.greatest(answered.scalar_subquery(), clock.now() - IN_A_ROW),
    )
    return bool(db.session.scalar(select(told)))
