"""When the two sides of an exchange would rather not be disturbed."""

from __future__ import annotations

from sqlalchemy import select

from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.timeline import Rests
from neighbourly.preferences.models import Preferences

REMINDED_AHEAD = ("proposed", "accepted", "handed_over")
"""The states in which somebody is reminded of a moment to come."""


def rests_of(exchange: Exchange) -> Rests:
    """The quiet hours of both, where the hour of a reminder depends on them; one statement, or none."""
    if exchange.state not in REMINDED_AHEAD:
        return {}
    columns = (Preferences.user_id, Preferences.quiet_from, Preferences.quiet_to, Preferences.time_zone)
    both = Preferences.user_id.in_((exchange.giver_id, exchange.receiver_id))
    rows = db.session.execute(select(*columns).where(both))
    return {"giver" if row.user_id == exchange.giver_id else "receiver": row for row in rows}
