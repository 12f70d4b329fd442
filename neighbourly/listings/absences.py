"""Until when the owner of a listing is away, as others are told: by the day (NOT-01).

Absences are kept by `preferences`, which is above listings: so its table is read by its name, as where it is asked when
a listing can be had.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Uuid, column, select, table

from neighbourly.core.api.schema import day_of
from neighbourly.core.db import whole
from neighbourly.listings.models import Listing

_wishes = whole(table("preferences", column("user_id", Uuid()), column("away_until", DateTime(timezone=True))))
_until = select(_wishes.c.away_until).where(_wishes.c.user_id == Listing.owner_id)
OWNER_AWAY_UNTIL = _until.scalar_subquery().label("owner_away_until")
"""A column of a statement over listings: the end of their owner's last absence, whether it is over or not."""


def day_back(away_until: datetime | None, now: datetime) -> datetime | None:
    """The day on which somebody is back; None for who is there."""
    return None if away_until is None or away_until <= now else day_of(away_until)
