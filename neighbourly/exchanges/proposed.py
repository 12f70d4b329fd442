"""Reading what is only proposed: of somebody, on a listing, for the same copies."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import rests_on
from neighbourly.listings.selectors import sharing_copies


def list_proposed(listing_id: UUID) -> Sequence[UUID]:
    """All proposals for the same copies, by id, the soonest first."""
    proposed = select(Exchange.id).where(*_proposed_for(listing_id))
    return db.session.scalars(proposed.order_by(Exchange.starts_at, Exchange.id)).all()


def hold_proposed_on(listing_id: UUID, limit: int) -> Sequence[Exchange]:
    """What is only proposed on a listing, or to meet it, by id, locked; not what somebody is about to answer."""
    return _hold(select(Exchange).where(*_proposed_on(listing_id)).limit(limit))


def list_proposed_on(listing_id: UUID) -> Sequence[UUID]:
    """What is only proposed on a listing, or to meet it, by id."""
    return db.session.scalars(select(Exchange.id).where(*_proposed_on(listing_id)).order_by(Exchange.id)).all()


def is_proposed_on(listing_id: UUID) -> bool:
    """Whether anything is only proposed on a listing, or to meet it."""
    return bool(db.session.scalar(select(exists().where(*_proposed_on(listing_id)))))


def _proposed_on(listing_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return *rests_on(listing_id), Exchange.state == "proposed"


def hold_proposed_of(user_id: UUID) -> Sequence[Exchange]:
    """What somebody has proposed or been proposed, by id, locked; not what somebody is about to answer."""
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    return _hold(select(Exchange).where(theirs, Exchange.state == "proposed"))


def _hold(proposed: Select[Exchange]) -> Sequence[Exchange]:
    """By id, locked, without those that somebody else holds."""
    held = proposed.order_by(Exchange.id).with_for_update(skip_locked=True, key_share=True)
    return db.session.scalars(held.execution_options(populate_existing=True)).all()


def has_rival(exchange: Exchange) -> bool:
    """Whether others propose for the same copies."""
    rivals = exists().where(*_proposed_for(exchange.listing_id), Exchange.id != exchange.id)
    return bool(db.session.scalar(select(rivals)))


def _proposed_for(listing_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Exchange.listing_id.in_(sharing_copies(listing_id)), Exchange.state == "proposed"


def find_proposed(exchange_id: UUID) -> Exchange | None:
    """A proposal that still waits for its answer, locked, so that nobody answers it meanwhile."""
    waiting = select(Exchange).where(Exchange.id == exchange_id, Exchange.state == "proposed").with_for_update()
    return db.session.scalars(waiting.execution_options(populate_existing=True)).one_or_none()
