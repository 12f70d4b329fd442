"""Reading thanks and concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor, unblocked
from neighbourly.conversations.wording import known_as
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.summaries import OwnerSummary
from neighbourly.territories.models import Territory
from neighbourly.thanks.models import Concern, Thanks


@dataclass(frozen=True)
class Said:
    """Somebody's thanks, as others read them."""

    text: str
    author: OwnerSummary
    kind: str
    month: str


@dataclass(frozen=True)
class BothThanks:
    """What the two said; the other's is None until it may be seen, `waiting` says that there is something."""

    mine: str | None
    theirs: str | None
    waiting: bool


def both_of(exchange: Exchange, viewer_id: UUID) -> BothThanks:
    """What was said after an exchange, as one of its sides sees it."""
    said = db.session.scalars(select(Thanks).where(Thanks.exchange_id == exchange.id)).all()
    mine = next((each.text for each in said if each.author_id == viewer_id), None)
    other = next((each for each in said if each.author_id != viewer_id), None)
    seen = other is not None and other.visible_at <= clock.now()
    return BothThanks(mine, other.text if other and seen else None, waiting=other is not None and not seen)


def list_about(user_id: UUID, viewer_id: UUID, *, language: str, limit: int) -> list[Said]:
    """What others said of someone, newest first, but for those with whom the viewer wants nothing to do."""
    statement = (
        select(Thanks, User.display_name, User.state, Exchange.kind)
        .join(User, User.id == Thanks.author_id)
        .join(Exchange, Exchange.id == Thanks.exchange_id)
        .where(Thanks.about_id == user_id, Thanks.visible_at <= clock.now(), unblocked(viewer_id, Thanks.author_id))
        .order_by(Thanks.visible_at.desc(), Thanks.exchange_id)
        .limit(limit)
    )
    return [_said(row, language) for row in db.session.execute(statement)]


def _said(row: Any, language: str) -> Said:
    name = known_as(row.display_name, row.state, language)
    author: OwnerSummary = {"id": row.Thanks.author_id, "display_name": name, "photo": None}
    return Said(row.Thanks.text, author, row.kind, row.Thanks.created_at.strftime("%Y-%m"))


@dataclass(frozen=True)
class ConcernView:
    """A concern as moderators read it."""

    exchange_id: UUID
    author: OwnerSummary
    text: str
    created_at: datetime


def list_concerns(actor: Actor, *, limit: int, cursor: str | None) -> pagination.Page:
    """The concerns of the actor's territory, or of the whole installation, newest first; one statement.

    None of an exchange in which the moderator is a side: it may be about them.
    """
    statement = (
        select(Concern, Concern.created_at, Concern.exchange_id, User.display_name, User.state)
        .join(User, User.id == Concern.author_id)
        .join(Exchange, Exchange.id == Concern.exchange_id)
        .outerjoin(Territory, Territory.id == Concern.neighbourhood_id)
        .where(Exchange.giver_id != actor.id, Exchange.receiver_id != actor.id)
    )
    if actor.role != "admin" and actor.territory_code is not None:
        statement = statement.where(Territory.code == actor.territory_code)
    keys = (
        *pagination.newest_first(Concern.created_at, Concern.exchange_id),
        pagination.Key("author_id", Concern.author_id, pagination.uuid),
    )
    rows, following = pagination.page(statement.add_columns(Concern.author_id), keys, limit=limit, cursor=cursor)
    return pagination.Page([_concern(row, actor.language) for row in rows], following)


def _concern(row: Any, language: str) -> ConcernView:
    concern: Concern = row["Concern"]
    name = known_as(row["display_name"], row["state"], language)
    author: OwnerSummary = {"id": concern.author_id, "display_name": name, "photo": None}
    return ConcernView(concern.exchange_id, author, concern.text, concern.created_at)
