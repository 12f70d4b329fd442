"""Who has dealt with whom: exchanges that took place."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, case, distinct, exists, func, or_, select

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import MET
from neighbourly.places.models import Home
from neighbourly.places.selectors import SETTLED_AFTER, settled_homes


def took_place() -> ColumnElement[bool]:
    """The condition that an exchange took place: handed over, brought back, or confirmed."""
    return Exchange.state.in_(MET)


def count_partners(user_id: UUID) -> int:
    """With how many different people somebody has dealt, accounts of some weeks alone; one statement."""
    partner_id = case((Exchange.giver_id == user_id, Exchange.receiver_id), else_=Exchange.giver_id)
    settled = exists().where(Home.user_id == User.id, settled_homes())
    statement = (
        select(func.count(distinct(partner_id)))
        .select_from(Exchange)
        .join(User, User.id == partner_id)
        .where(
            or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id),
            took_place(),
            or_(User.created_at <= clock.now() - SETTLED_AFTER, settled),
        )
    )
    return db.session.scalar(statement) or 0
