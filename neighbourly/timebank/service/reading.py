"""Looking at one's own account."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.pagination import Page
from neighbourly.core.errors import require
from neighbourly.preferences.selectors import get_preferences
from neighbourly.timebank import selectors
from neighbourly.timebank.errors import GiftMode
from neighbourly.timebank.selectors import Balance, Statement


def get_balance(*, actor: Actor) -> Balance:
    """Everyone sees their own account alone."""
    return selectors.view_balance(actor.id)


def list_entries(*, actor: Actor, limit: int, cursor: str | None) -> Page:
    """The lines of one's own account; where no hours are counted they would tell a balance. Raises `GiftMode`."""
    _require_hours(actor)
    return selectors.list_entries(owner={"user_id": actor.id}, limit=limit, cursor=cursor)


def _require_hours(actor: Actor) -> None:
    require(selectors.counting_for(actor.id).mode == "hours", GiftMode)


def get_statement(*, actor: Actor, month: str) -> Statement:
    """A month is one on one's own wall clock; where no hours are counted nobody sees a balance. Raises `GiftMode`."""
    _require_hours(actor)
    zone = ZoneInfo(get_preferences(actor.id).time_zone)
    year, number = int(month[:4]), int(month[5:])
    begins = datetime(year, number, 1, tzinfo=zone)
    ends = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return selectors.view_statement(actor.id, month, begins, ends)
