"""Two neighbours whose names look alike: who came later goes by another, or by a number.

Only those are looked at whose name everybody there reads anyway, on something they publish: a refusal tells nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from neighbourly.accounts.display_names import MOST, skeleton
from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.places.models import Home

MOST_LOOKED_AT = 1000
OTHER_LENGTH = 5
"""By so many signs names of one skeleton may differ in length: by dots, spaces, and two letters that pass for one."""


def has_namesake(user_id: UUID, name: str) -> bool:
    """Whether somebody who publishes in the same neighbourhood goes by a name that looks like this one."""
    home = db.session.get(Home, user_id)
    return home is not None and skeleton(name) in _skeletons_around(home, name)


def find_free_name(user_id: UUID) -> str | None:
    """Their name with the first number that nobody there has; None where it needs none: no namesake came before."""
    home, user = db.session.get(Home, user_id), db.session.get_one(User, user_id)
    if home is None or user.state != "active":
        return None
    name = user.display_name
    taken = _skeletons_around(home, name, before=home.since)
    if skeleton(name) not in taken:
        return None
    numbered = (f"{name[: MOST - 5]} {number}" for number in range(2, MOST_LOOKED_AT + 2))
    return next(each for each in numbered if skeleton(each) not in taken)


def _skeletons_around(home: Home, name: str, *, before: datetime | None = None) -> frozenset[str]:
    """Of the names, about as long, of those who publish in this neighbourhood."""
    if home.neighbourhood_id is None:
        return frozenset()
    publishes = select(Listing.id).where(
        Listing.owner_id == User.id, Listing.status == "published", Listing.deleted_at.is_(None)
    )
    length = len(name)
    statement = (
        select(User.display_name)
        .join(Home, Home.user_id == User.id)
        .where(
            Home.neighbourhood_id == home.neighbourhood_id,
            User.id != home.user_id,
            User.state == "active",
            func.char_length(User.display_name).between(length - OTHER_LENGTH, length + OTHER_LENGTH),
            publishes.exists(),
        )
        .order_by(Home.since, User.id)
        .limit(MOST_LOOKED_AT)
    )
    if before is not None:
        statement = statement.where(Home.since < before)
    return frozenset(skeleton(each) for each in db.session.scalars(statement)) - {""}
