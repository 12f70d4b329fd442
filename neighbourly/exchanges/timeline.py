"""What time brings to an exchange: reminders, questions and ends, from its state and its times; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

ANSWER_WITHIN = timedelta(hours=72)
ANSWER_AT_LEAST = timedelta(hours=1)
DAY = timedelta(days=1)
NO_WORD_AFTER = timedelta(days=7)
OVERDUE_DAYS = (1, 3, 7)
CONFIRM_DAYS = (2, 5)
CONFIRM_DAYS_WITHOUT_END = (*CONFIRM_DAYS, 7, 14, 21, 28)
"""Where silence says nothing, because the receiver never saw the minutes (CON-10)."""
CONFIRMED_AFTER = timedelta(days=7)
WAITED = timedelta(hours=1)
"""Who waits for the other side so long after the start may say that it did not come."""
OBJECT_WITHIN = timedelta(hours=24)
DECLARE_WITHIN = timedelta(days=30)
KEPT_AFTER_END = timedelta(days=30)
"""How long a conversation stays open, and a dispute may begin."""
MEETING_KEPT_AFTER_END = timedelta(days=1)
"""How long both sides may still read where they met, once the thing is back or the help confirmed."""


class Step(StrEnum):
    """What happens by itself."""

    REMIND_OF_PROPOSAL = "proposal"
    EXPIRE = "expire"
    REMIND_OF_HAND_OVER = "hand_over"
    ASK_WHETHER_IT_TOOK_PLACE = "took_place"
    END_WITHOUT_A_WORD = "no_word"
    REMIND_OF_RETURN = "return"
    BE_LATE = "late"
    REMIND_OF_OVERDUE = "overdue"
    REMIND_TO_CONFIRM = "confirm"
    CONFIRM = "confirm_by_itself"


ENDS = frozenset({Step.EXPIRE, Step.END_WITHOUT_A_WORD, Step.CONFIRM})


class Timed(Protocol):
    """An exchange, as far as time looks at it."""

    kind: str
    state: str
    created_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    expires_at: datetime | None
    done_at: datetime | None
    consented_minutes: int | None
    disputed_from: str | None
    looked_at: datetime


@dataclass(frozen=True, order=True)
class Due:
    """A step with its moment; `number` tells reminders of one kind apart (the day, for what is overdue)."""

    at: datetime
    step: Step
    number: int = 1


def proposal_expires_at(created_at: datetime, starts_at: datetime) -> datetime:
    """Until when a proposal waits: 72 hours, or until it would begin, and an hour at the least."""
    return max(min(created_at + ANSWER_WITHIN, starts_at), created_at + ANSWER_AT_LEAST)


def schedule(exchange: Timed) -> list[Due]:
    """All that this state will bring, in the order of time."""
    return sorted(_steps(exchange))


def _steps(exchange: Timed) -> Iterator[Due]:
    ends_at = exchange.ends_at or exchange.starts_at
    match exchange.state:
        case "proposed" if exchange.expires_at is not None:
            a_day_on = max(exchange.created_at + DAY, exchange.expires_at - ANSWER_WITHIN + DAY)
            if a_day_on < exchange.expires_at:
                yield Due(a_day_on, Step.REMIND_OF_PROPOSAL)
            yield Due(exchange.expires_at, Step.EXPIRE)
        case "accepted":
            yield Due(exchange.starts_at - DAY, Step.REMIND_OF_HAND_OVER)
            yield Due(exchange.starts_at + DAY, Step.ASK_WHETHER_IT_TOOK_PLACE)
            yield Due(ends_at + NO_WORD_AFTER, Step.END_WITHOUT_A_WORD)
        case "handed_over" if exchange.kind == "loan":
            yield Due(ends_at - DAY, Step.REMIND_OF_RETURN)
            yield Due(ends_at, Step.BE_LATE)
            for day in OVERDUE_DAYS:
                yield Due(ends_at + timedelta(days=day), Step.REMIND_OF_OVERDUE, day)
        case "disputed" if exchange.kind == "loan" and exchange.disputed_from == "handed_over":
            yield Due(ends_at, Step.BE_LATE)
        case "done" if exchange.done_at is not None:
            ends_by_itself = exchange.consented_minutes is not None
            for number, day in enumerate(CONFIRM_DAYS if ends_by_itself else CONFIRM_DAYS_WITHOUT_END, 1):
                yield Due(exchange.done_at + timedelta(days=day), Step.REMIND_TO_CONFIRM, number)
            if ends_by_itself:
                yield Due(exchange.done_at + CONFIRMED_AFTER, Step.CONFIRM)


def due(exchange: Timed, now: datetime) -> list[Due]:
    """What has come due since it was last looked at; an end stands alone, of reminders of one kind only the last."""
    passed = [each for each in schedule(exchange) if exchange.looked_at < each.at <= now]
    ends = [each for each in passed if each.step in ENDS]
    return ends[:1] or list({each.step: each for each in passed}.values())


def next_look_at(exchange: Timed) -> datetime | None:
    """When to look again; None when time has nothing more to do with it."""
    return next((each.at for each in schedule(exchange) if each.at > exchange.looked_at), None)
