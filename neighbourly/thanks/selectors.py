"""Reading thanks and concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor, unblocked
from neighbourly.conversations.wording import known_as
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import are_parted
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
    """What the two said, as one of them sees it; behind a block nothing of the other is left."""

    mine: str | None
    mine_shown: bool
    theirs: str | None
    theirs_shown: bool
    waiting: bool
    """Whether the other's words wait for a yes or no to showing them."""


def view_both(exchange: Exchange, viewer_id: UUID) -> BothThanks:
    """What was said after an exchange, as one of its sides sees it."""
    said = {each.author_id: each for each in db.session.scalars(_written_after(exchange)) if each.text}
    mine = said.pop(viewer_id, None)
    theirs = next(iter(said.values()), None)
    if theirs is not None and are_parted(exchange):
        theirs = None
    return BothThanks(
        mine=mine.text if mine else None,
        mine_shown=mine is not None and mine.shown is True,
        theirs=theirs.text if theirs else None,
        theirs_shown=theirs is not None and theirs.shown is True,
        waiting=theirs is not None and theirs.shown is None,
    )


def _written_after(exchange: Exchange) -> Select[Thanks]:
    return select(Thanks).where(Thanks.exchange_id == exchange.id)


def find_thanks(exchange_id: UUID, author_id: UUID) -> Thanks | None:
    """What somebody wrote after an exchange, be it taken back (then its text is empty)."""
    return db.session.get(Thanks, (exchange_id, author_id))


def list_about(user_id: UUID, viewer_id: UUID, *, language: str, limit: int) -> list[Said]:
    """What someone shows of what others said of them, newest first (SEC-26).

    Nothing of an author with whom the viewer, or the person it is about, has a block.
    """
    statement = (
        _received_by(user_id)
        .where(Thanks.shown.is_(True), Thanks.visible_at <= clock.now(), unblocked(viewer_id, Thanks.author_id))
        .order_by(Thanks.visible_at.desc(), Thanks.exchange_id)
        .limit(limit)
    )
    return [_said(row, language) for row in db.session.execute(statement).mappings()]


def _received_by(user_id: UUID) -> Select[*tuple[Any, ...]]:
    """Thanks to someone of authors with whom they have no block: one row each."""
    return (
        select(Thanks, User.display_name, User.state, Exchange.kind)
        .join(User, User.id == Thanks.author_id)
        .join(Exchange, Exchange.id == Thanks.exchange_id)
        .where(Thanks.about_id == user_id, Thanks.text != "", unblocked(user_id, Thanks.author_id))
    )


@dataclass(frozen=True)
class ReceivedThanks(Said):
    """Somebody's thanks, as the person they are about reads them."""

    exchange_id: UUID
    shown: bool
    waiting: bool


def list_received(user_id: UUID, *, language: str, limit: int, cursor: str | None) -> pagination.Page:
    """What others said of someone, shown or not, newest first; one statement."""
    statement = _received_by(user_id).add_columns(Thanks.created_at, Thanks.exchange_id)
    keys = pagination.newest_first(Thanks.created_at, Thanks.exchange_id)
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    return pagination.Page([_received(row, language) for row in rows], following)


def _received(row: Any, language: str) -> ReceivedThanks:
    thanks: Thanks = row["Thanks"]
    return ReceivedThanks(
        **vars(_said(row, language)),
        exchange_id=thanks.exchange_id,
        shown=thanks.shown is True,
        waiting=thanks.shown is None,
    )


def _said(row: Any, language: str) -> Said:
    thanks: Thanks = row["Thanks"]
    name = known_as(row["display_name"], row["state"], language)
    author: OwnerSummary = {"id": thanks.author_id, "display_name": name, "photo": None}
    return Said(thanks.text, author, row["kind"], thanks.created_at.strftime("%Y-%m"))


@dataclass(frozen=True)
class ConcernView:
    """A concern as moderators read it."""

    exchange_id: UUID
    author: OwnerSummary
    text: str
    quoted: str | None
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
    return ConcernView(concern.exchange_id, author, concern.text, concern.quoted, concern.created_at)
