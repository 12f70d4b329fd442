"""Whether and when something is pushed to someone: their choices, quiet hours and absences, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.other_words import FOUND, PARTED, SETTLING_AGAIN, STILL_WHILE, TOOK_PLACE
from neighbourly.preferences.quiet import quiet_until

if TYPE_CHECKING:
    from neighbourly.preferences.models import Preferences


MAY_WAKE = frozenset({("return_overdue", None), ("return_overdue", PARTED)})
"""What is told in quiet hours too: to who has something of somebody's, never to who waits for it."""


def push_at(type_name: str, preferences: Preferences, now: datetime, variant: str | None = None) -> datetime | None:
    """When this type may be pushed to someone: now, or when their quiet hours end; None means the inbox alone."""
    if not preferences.wants_push(type_name) or is_away(preferences, now):
        return None
    if type_name == "request_nearby" and preferences.asks_per_week == 0:
        return None
    if (type_name, variant) in MAY_WAKE or (CATALOGUE[type_name].urgent and preferences.urgent_may_wake):
        return now
    return quiet_until(now, preferences.quiet_from, preferences.quiet_to, preferences.time_zone) or now


def is_away(preferences: Preferences, now: datetime) -> bool:
    """Whether someone asked to be left alone until a later moment."""
    return preferences.away_until is not None and preferences.away_until > now


@dataclass(frozen=True)
class Standing:
    """How things stand, at this moment, that somebody was told of."""

    now: datetime
    status: str | None
    """The state of the exchange, else of the listing."""
    expires_at: datetime | None = None
    answer: str | None = None
    """Of who was asked, or of whom it is told."""
    when: datetime | None = None
    """The moment that the words would name."""
    awaits_them: bool = True
    """Whether the proposal waits for the one who is told."""
    is_settled: bool = False
    """Whether the need has found as many as it asked for."""
    is_exhausted: bool = True
    """Whether nobody is left to be asked."""
    is_contradicted: bool = False
    """Whether the opposite was told since."""
    has_turn: bool = True
    """Whether it is still the turn of the one who is told."""


def states_of(type_name: str, variant: str | None) -> frozenset[str | None]:
    """The states of the exchange, or of the listing, in which it is so."""
    return STILL_WHILE.get((type_name, variant or ""), CATALOGUE[type_name].still_while)


def still_so(type_name: str, figures: Mapping[str, Any], standing: Standing) -> bool:
    """Whether what was true when it was written still is; what waited for the morning is held against this.

    That is: the state, the moments that the words name, the answer (who is asked has given none so far), and what
    else a type says.
    """
    return (
        standing.status in states_of(type_name, figures.get("variant"))
        and _is_moment(figures.get("expires_at"), standing.expires_at)
        and _is_moment(figures.get("when"), standing.when)
        and figures.get("answer") == standing.answer
        and _holds(type_name, figures.get("variant"), standing)
    )


def _is_moment(said: str | None, at: datetime | None) -> bool:
    return said is None or datetime.fromisoformat(said) == at


def _holds(type_name: str, variant: str | None, standing: Standing) -> bool:
    """Whether what this type says besides is so: nobody is asked for a need that has passed, or has its helpers."""
    match type_name:
        case "request_nearby":
            is_over = standing.expires_at is not None and standing.expires_at <= standing.now
            return not is_over and not standing.is_settled
        case "request_closed" if variant == FOUND:
            return standing.is_settled
        case "exchange_proposed" | "exchange_countered":
            return standing.awaits_them
        case "ask_exhausted":
            return standing.is_exhausted
        case "item_unavailable" | "item_back":
            return not standing.is_contradicted
        case "waiting_turn":
            return standing.has_turn and _is_to_come(standing)
        case "exchange_disputed" if variant == SETTLING_AGAIN:
            return standing.awaits_them
        case "return_due" | "hand_over_due" if variant != TOOK_PLACE:
            return _is_to_come(standing)
    return True


def _is_to_come(standing: Standing) -> bool:
    return standing.when is None or standing.when > standing.now
