"""Reading what people were told, as far as they may see it at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, SQLColumnExpression, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.core.api import pagination
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import visible
from neighbourly.notifications.catalogue import CATALOGUE, Subject, first_word, link, words
from neighbourly.notifications.models import Notification

_Person = aliased(User, name="person")
_About = aliased(Listing, name="about")


def told() -> Select[*tuple[Any, ...]]:
    """Every notification with what it is about: one row each, by which `subject_of` knows what its receiver may see.

    Types that this version does not know are left to the one that wrote them: both run while one replaces the other.
    """
    viewer = Notification.user_id
    answerer = case((Notification.type == "request_nearby", viewer), else_=Notification.actor_id)
    shown = exists().where(Listing.id == _About.id, User.id == Listing.owner_id, *visible(viewer))
    return (
        select(
            Notification.id,
            Notification.type,
            Notification.data,
            Notification.listing_id,
            Notification.created_at,
            Notification.read_at,
            _Person.display_name,
            and_(_Person.state == "active", unblocked(viewer, _Person.id)).label("person_seen"),
            _About.title,
            _About.status,
            _About.expires_at,
            _About.deleted_at,
            or_(_About.owner_id == viewer, shown.correlate(Notification, _About)).label("seen"),
            Answer.answer,
        )
        .select_from(Notification)
        .outerjoin(_Person, _Person.id == Notification.actor_id)
        .outerjoin(_About, _About.id == Notification.listing_id)
        .outerjoin(Answer, and_(Answer.listing_id == _About.id, Answer.user_id == answerer))
        .where(Notification.type.in_(CATALOGUE))
    )


def subject_of(row: Row[Any]) -> Subject:
    """What a row of `told` is about, without what its receiver may not see, or no longer."""
    telling = CATALOGUE[row.type]
    name = first_word(row.display_name) if row.person_seen else None
    had_a_part = telling.had_a_part and name is not None and row.status in telling.still_while
    seen = row.deleted_at is None and (row.seen or had_a_part)
    return Subject(name, row.title if seen else None, row.data)


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
    statement = told().where(Notification.user_id == viewer_id)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    keys = pagination.newest_first(Notification.created_at, Notification.id)
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    return pagination.Page([_in_words(row, language, public_url) for row in rows], following)


def get_notification(viewer_id: UUID, notification_id: UUID, *, language: str, public_url: str) -> Told:
    """One of one's own, or `NotFound`."""
    mine = told().where(Notification.user_id == viewer_id, Notification.id == notification_id)
    row = db.session.execute(mine).one_or_none()
    if row is None:
        raise NotFound()
    return _in_words(row, language, public_url)


def _in_words(row: Any, language: str, public_url: str) -> Told:
    wording = words(row.type, subject_of(row), language)
    page = link(public_url, row.listing_id) if row.listing_id else None
    data = {"listing_id": row.listing_id, "link": page}
    return Told(row.id, row.type, wording.title, wording.body, data, row.created_at, row.read_at)


def unread_of(person: UUID | SQLColumnExpression[UUID]) -> ScalarSelect[int]:
    """How many notifications someone has not read, as a part of a statement."""
    theirs = select(func.count()).where(Notification.user_id == person, Notification.read_at.is_(None))
    return theirs.scalar_subquery()
