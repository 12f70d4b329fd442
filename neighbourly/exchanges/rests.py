"""When the two sides of an exchange would rather not be disturbed, and when they are away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Label, select

from neighbourly.core.db import aliased, db
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.timeline import SIDES, Absences, Rests, absences_in
from neighbourly.preferences.absence import absence_of
from neighbourly.preferences.models import Preferences

FOLLOWED = ("proposed", "accepted", "handed_over", "done")
"""The states in which somebody is reminded of a moment to come, or has until a moment to answer."""
_COLUMNS = (
    Preferences.user_id,
    Preferences.quiet_from,
    Preferences.quiet_to,
    Preferences.time_zone,
    Preferences.away_since,
    Preferences.away_until,
)


def _away(side: str, person: Any) -> list[Label[Any]]:
    wishes = aliased(Preferences, name=f"wishes_of_{side}")
    return [
        select(getattr(wishes, name)).where(wishes.user_id == person).scalar_subquery().label(f"{side}_{name}")
        for name in ("away_since", "away_until")
    ]


AWAY_OF_BOTH = (*_away("giver", Exchange.giver_id), *_away("receiver", Exchange.receiver_id))
"""Columns of a statement over exchanges, of which `absences_in_row` reads when both are, or were, away."""


def absences_in_row(row: Mapping[Any, Any]) -> Absences:
    """When both are, or were, away, in a row with `AWAY_OF_BOTH`."""
    said = {side: absence_of(row[f"{side}_away_since"], row[f"{side}_away_until"]) for side in SIDES}
    return {side: absence for side, absence in said.items() if absence is not None}


def rests_of(exchange: Exchange) -> Rests:
    """The quiet hours and absences of both, where what time brings depends on them; one statement, or none."""
    return _rests_of_both(exchange) if exchange.state in FOLLOWED else {}


def absences_of(exchange: Exchange) -> Absences:
    """When both are, or were, away, where a tap or an end may be objected to; one statement, or none."""
    if exchange.tapped_at is None and exchange.ended_at is None:
        return {}
    return absences_in(_rests_of_both(exchange))


def _rests_of_both(exchange: Exchange) -> Rests:
    both = Preferences.user_id.in_((exchange.giver_id, exchange.receiver_id))
    rows = db.session.execute(select(*_COLUMNS).where(both))
    return {"giver" if row.user_id == exchange.giver_id else "receiver": row for row in rows}
