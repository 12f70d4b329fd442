"""Whether and when something is pushed to someone: their choices, quiet hours and absences, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.preferences.quiet import quiet_until

if TYPE_CHECKING:
    from neighbourly.preferences.models import Preferences


def push_at(type_name: str, preferences: Preferences, now: datetime) -> datetime | None:
    """When this type may be pushed to someone: now, or when their quiet hours end; None means the inbox alone."""
    if not preferences.wants_push(type_name) or is_away(preferences, now):
        return None
    if type_name == "request_nearby" and preferences.asks_per_week == 0:
        return None
    if type_name == "return_overdue" or (CATALOGUE[type_name].urgent and preferences.urgent_may_wake):
        return now
    return quiet_until(now, preferences.quiet_from, preferences.quiet_to, preferences.time_zone) or now


def is_away(preferences: Preferences, now: datetime) -> bool:
    """Whether someone asked to be left alone until a later moment."""
    return preferences.away_until is not None and preferences.away_until > now


def still_so(
    type_name: str,
    figures: Mapping[str, Any],
    *,
    status: str | None,
    expires_at: datetime | None,
    answer: str | None,
    is_over: bool = False,
) -> bool:
    """Whether what was true when it was written still is; what waited for the morning is held against this.

    That is: the listing's state, its end where the words are about that, and the answer; nobody is asked for a need
    that has passed (`is_over`). Who is asked has given none so far; of who answered it is still the one that is told.
    """
    return (
        not (is_over and type_name == "request_nearby")
        and status in CATALOGUE[type_name].still_while
        and figures.get("expires_at") in (None, expires_at and expires_at.isoformat())
        and figures.get("answer") == answer
    )
