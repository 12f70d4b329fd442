"""Whether and when something is pushed to someone: their choices, quiet hours and absences, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.other_words import (
    FOUND,
    PARTED,
    PENDING,
    SETTLING_AGAIN,
    STILL_WHILE,
    TAKEN,
    TOOK_PLACE,
    WITHDRAWN,
)
from neighbourly.preferences.quiet import quiet_until

if TYPE_CHECKING:
    from neighbourly.preferences.models import Preferences


MAY_WAKE = frozenset({("return_overdue", None), ("return_overdue", PARTED)})
"""What is told in quiet hours too: to who has something of somebody's, never to who waits for it."""
ASKING = frozenset({"request_nearby"})
"""What asks somebody who has no part in it yet: who is away is not asked, nor told of it later."""
UNDER_WAY = frozenset(
    {
        "exchange_accepted",
        "exchange_cancelled",
        "exchange_handed_over",
        "exchange_returned",
        "exchange_confirmed",
        "exchange_disputed",
        "extension_requested",
        "extension_answered",
        "hand_over_due",
        "return_due",
        "return_overdue",
        "help_to_confirm",
        "item_unavailable",
        "item_back",
        "listing_edited",
    }
)
"""What concerns something that is agreed or in somebody's hands: who is away hears of it too (NOT-01)."""
ONLY_PROPOSED = frozenset({("exchange_cancelled", WITHDRAWN), ("item_unavailable", TAKEN), ("listing_edited", PENDING)})
"""Of these types what concerns nothing that was agreed."""


class Way(StrEnum):
    """How something reaches somebody besides their inbox, which always has it."""

    AT_ONCE = "at_once"
    AFTER_QUIET = "after_quiet"
    """Once their quiet hours end."""
    AT_RETURN = "at_return"
    """In the one word at the end of their absence."""
    INBOX = "inbox"
    """By the inbox alone."""


@dataclass(frozen=True)
class Plan:
    """How something reaches somebody, and when it is pushed: None where it is not, or not by itself."""

    way: Way
    at: datetime | None = None


def plan_of(
    type_name: str, wishes: Preferences, now: datetime, variant: str | None = None, *, has_phone: bool = True
) -> Plan:
    """What five wishes make of a type: muted, away, a phone that is signed out, no asks, quiet hours, in this order."""
    if not wishes.wants_push(type_name):
        return Plan(Way.INBOX)
    if is_away(wishes, now) and waits_for_return(type_name, variant, has_phone=has_phone):
        return Plan(Way.AT_RETURN)
    if not has_phone or (type_name in ASKING and (wishes.asks_per_week == 0 or is_away(wishes, now))):
        return Plan(Way.INBOX)
    if (type_name, variant) in MAY_WAKE or (CATALOGUE[type_name].urgent and wishes.urgent_may_wake):
        return Plan(Way.AT_ONCE, now)
    ends = quiet_until(now, wishes.quiet_from, wishes.quiet_to, wishes.time_zone)
    return Plan(Way.AT_ONCE, now) if ends is None else Plan(Way.AFTER_QUIET, ends)


def push_at(type_name: str, wishes: Preferences, now: datetime, variant: str | None = None) -> datetime | None:
    """When this type may be pushed to a phone of somebody's; None: not, or not by itself."""
    return plan_of(type_name, wishes, now, variant).at


def waits_for_return(type_name: str, variant: str | None, *, has_phone: bool) -> bool:
    """Whether who is away hears of it at their return: of what concerns nothing under way, or could not ring."""
    is_under_way = type_name in UNDER_WAY and (type_name, variant) not in ONLY_PROPOSED
    return type_name not in ASKING and not (has_phone and is_under_way)


def is_away(wishes: Preferences, now: datetime) -> bool:
    """Whether someone asked to be left alone until a later moment."""
    return wishes.away_until is not None and wishes.away_until > now


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
