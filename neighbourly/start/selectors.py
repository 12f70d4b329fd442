"""Reading what stands on the first screen, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import COLUMNS, ListingSummary, summary
from neighbourly.notifications.selectors import unread_of
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences
from neighbourly.search.statements import REACH_M
from neighbourly.territories.models import Territory

GOING_ON = ("draft", "published", "paused")


@dataclass(frozen=True)
class Standing:
    """A member, where they live if anywhere, how far in metres they look, and how much is unread."""

    user: User
    home: Home | None
    neighbourhood: Territory | None
    reach_m: int
    unread: int


def get_standing(user_id: UUID) -> Standing:
    """Where a member stands; one statement. What it reads, the session hands on to the steps that ask again."""
    statement = (
        select(User, Home, Territory, Preferences.reach_m, unread_of(User.id).label("unread"))
        .outerjoin(Home, Home.user_id == User.id)
        .outerjoin(Territory, Territory.id == Home.neighbourhood_id)
        .outerjoin(Preferences, Preferences.user_id == User.id)
        .where(User.id == user_id)
    )
    user, home, neighbourhood, reach_m, unread = db.session.execute(statement).one()
    return Standing(user, home, neighbourhood, reach_m or REACH_M, unread)


def list_going_on(owner_id: UUID, *, home: cells.Cell | None, limit: int) -> list[ListingSummary]:
    """One's own listings that are not over, newest first; one statement."""
    statement = (
        select(*COLUMNS)
        .join(User, User.id == Listing.owner_id)
        .where(Listing.owner_id == owner_id, Listing.deleted_at.is_(None), Listing.status.in_(GOING_ON))
        .order_by(Listing.created_at.desc(), Listing.id)
        .limit(limit)
    )
    return [
        summary(row, None if home is None else cells.metres_between(home, row.cell))
        for row in db.session.execute(statement)
    ]
