"""What time brings to an exchange: reminders, questions and ends, from its state and its times; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from neighbourly.exchanges.lifecycle import Side
from neighbourly.preferences.absence import Absence, absence_of, hold_open
from neighbourly.preferences.lead import Rest, remind_at, remind_of_answer_at

ANSWER_WITHIN = timedelta(hours=72)
ANSWER_AT_LEAST = timedelta(hours=1)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
NO_WORD_AFTER = timedelta(days=7)
OVERDUE_DAYS = (1, 3)
"""After the end, before the weekly reminders begin."""
NOT_BACK_AFTER = timedelta(weeks=52)
"""So long after its end a loan that nobody brought back, and nobody disputed, is disputed by itself."""
CONFIRM_DAYS = (2, 5)
CONFIRM_DAYS_WITHOUT_END = (*CONFIRM_DAYS, 7, 14, 21, 28)
"""Where silence says nothing, because the receiver never saw the minutes (CON-10)."""
CONFIRMED_AFTER = timedelta(days=7)
UNCONFIRMED_AFTER = timedelta(days=35)
"""Then what silence cannot confirm ends without a word, and may be declared for a month."""
DISPUTE_DAYS = (3, 7)
"""After it was opened, before moderators hear that a dispute waits."""
MODERATORS_AFTER, MODERATORS_EVERY = timedelta(days=14), timedelta(days=28)
"""When they hear of a dispute that the two have not settled, and how often again."""
WAITED = timedelta(hours=1)
"""Who waits for the other side so long after the start may say that it did not come."""
OBJECT_WITHIN = timedelta(hours=24)
DECLARE_WITHIN = timedelta(days=30)
KEPT_AFTER_END = timedelta(days=30)
"""How long a conversation stays open, and a dispute may begin."""
HELD_AT_MOST = timedelta(days=30)
"""How much longer an absence keeps the other side waiting, for minutes that are pending, say (NOT-01)."""
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
    REMIND_OF_WISH = "extension"
    END_WISH = "wish_lapses"
    BE_DISPUTED = "not_back"
    REMIND_OF_DISPUTE = "dispute"
    REMIND_OF_SETTLEMENT = "settlement"
    CALL_MODERATORS = "moderators"
    REMIND_TO_CONFIRM = "confirm"
    CONFIRM = "confirm_by_itself"


ENDS = frozenset({Step.EXPIRE, Step.END_WITHOUT_A_WORD, Step.BE_DISPUTED, Step.CONFIRM})
UNDONE = ENDS | {Step.END_WISH}
"""What changes the exchange: while it is still in its schedule, it has not been done."""
SIDES: tuple[Side, ...] = ("giver", "receiver")
GIVER, RECEIVER = SIDES[:1], SIDES[1:]
Rests = Mapping[Side, Rest]
"""When each of the two would rather not be disturbed, as far as they said so."""
Absences = Mapping[Side, Absence]
"""When each of the two is, or was, away."""


class Timed(Protocol):
    """An exchange, as far as time looks at it."""

    kind: str
    state: str
    awaiting: str | None
    created_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    expires_at: datetime | None
    accepted_at: datetime | None
    handed_over_at: datetime | None
    extend_to: datetime | None
    done_at: datetime | None
    consented_minutes: int | None
    disputed_from: str | None
    disputed_at: datetime | None
    waits_since: datetime | None
    looked_at: datetime


@dataclass(frozen=True, order=True)
class Due:
    """A step with its moment and whom it is for; `number` tells reminders of one kind apart (the day, where late).

    `about`: the moment to come that is reminded of, whatever `at` is for one side or another.
    """

    at: datetime
    step: Step
    number: int = 1
    sides: tuple[Side, ...] = SIDES
    about: datetime | None = field(default=None, compare=False)


def proposal_expires_at(created_at: datetime, starts_at: datetime) -> datetime:
    """Until when a proposal waits: 72 hours, or until it would begin, and an hour at the least."""
    return max(min(created_at + ANSWER_WITHIN, starts_at), created_at + ANSWER_AT_LEAST)


def schedule(exchange: Timed, at: datetime, rests: Rests | None = None) -> list[Due]:
    """All that this state brings, in the order of time; of what recurs the last until `at` and the next after it."""
    absences = absences_in(rests or {})
    return sorted(_held_open(each, exchange, absences) for each in _steps(exchange, at, rests or {}))


def _steps(exchange: Timed, at: datetime, rests: Rests) -> Iterator[Due]:
    match exchange.state:
        case "proposed" if exchange.expires_at is not None:
            yield from _of_proposal(exchange, exchange.expires_at, rests)
        case "accepted":
            yield from _of_agreement(exchange, rests)
        case "handed_over" if exchange.kind == "loan" and exchange.ends_at is not None:
            yield from _of_loan(exchange, exchange.ends_at, at, rests)
        case "disputed":
            yield from _of_dispute(exchange, at)
        case "done" if exchange.done_at is not None:
            yield from _of_help(exchange, exchange.done_at)


def _of_proposal(exchange: Timed, expires_at: datetime, rests: Rests) -> Iterator[Due]:
    since, asked = _latest(exchange, expires_at - ANSWER_WITHIN), _awaited(exchange)
    reminded_at = remind_of_answer_at(since, expires_at, rests.get(asked[0]))
    yield Due(reminded_at, Step.REMIND_OF_PROPOSAL, sides=asked, about=expires_at)
    yield Due(expires_at, Step.EXPIRE)


def _of_agreement(exchange: Timed, rests: Rests) -> Iterator[Due]:
    agreed_at = _latest(exchange, exchange.accepted_at)
    yield from _ahead(Step.REMIND_OF_HAND_OVER, agreed_at, exchange.starts_at, rests)
    yield Due(max(exchange.starts_at, agreed_at) + DAY, Step.ASK_WHETHER_IT_TOOK_PLACE)
    yield Due(max(exchange.ends_at or exchange.starts_at, agreed_at) + NO_WORD_AFTER, Step.END_WITHOUT_A_WORD)


def _of_loan(exchange: Timed, ends_at: datetime, at: datetime, rests: Rests) -> Iterator[Due]:
    since = _latest(exchange, exchange.handed_over_at)
    if exchange.extend_to is None:
        yield from _ahead(Step.REMIND_OF_RETURN, since, ends_at, rests)
    else:
        yield from _ahead(Step.REMIND_OF_RETURN, since, ends_at, rests, RECEIVER)
        yield from _of_wish(since, ends_at, exchange.extend_to, rests)
    yield Due(ends_at, Step.BE_LATE)
    for day in OVERDUE_DAYS:
        yield Due(ends_at + timedelta(days=day), Step.REMIND_OF_OVERDUE, day)
    for moment in _recurring(ends_at + WEEK, WEEK, at):
        yield Due(moment, Step.REMIND_OF_OVERDUE, (moment - ends_at).days)
    yield Due(ends_at + NOT_BACK_AFTER, Step.BE_DISPUTED)


def _of_wish(asked_at: datetime, ends_at: datetime, extend_to: datetime, rests: Rests) -> Iterator[Due]:
    """The owner is reminded in the place of the return; a yes is worth something for a while after the wished end."""
    until = ends_at if asked_at < ends_at else extend_to
    yield Due(remind_of_answer_at(asked_at, until, rests.get("giver")), Step.REMIND_OF_WISH, sides=GIVER)
    yield from _ahead(Step.REMIND_OF_WISH, asked_at, ends_at, rests, GIVER)
    yield Due(max(extend_to, asked_at) + ANSWER_WITHIN, Step.END_WISH)


def _of_dispute(exchange: Timed, at: datetime) -> Iterator[Due]:
    if exchange.kind == "loan" and exchange.disputed_from == "handed_over" and exchange.ends_at is not None:
        yield Due(exchange.ends_at, Step.BE_LATE)
    disputed_at = exchange.disputed_at or exchange.created_at
    for day in DISPUTE_DAYS:
        yield Due(disputed_at + timedelta(days=day), Step.REMIND_OF_DISPUTE, day)
    for moment in _recurring(disputed_at + MODERATORS_AFTER, MODERATORS_EVERY, at):
        yield Due(moment, Step.CALL_MODERATORS, (moment - disputed_at).days)
    if exchange.awaiting is not None:
        yield Due(_latest(exchange, disputed_at) + DAY, Step.REMIND_OF_SETTLEMENT, sides=_awaited(exchange))


def _of_help(exchange: Timed, done_at: datetime) -> Iterator[Due]:
    ends_by_itself = exchange.consented_minutes is not None
    for number, day in enumerate(CONFIRM_DAYS if ends_by_itself else CONFIRM_DAYS_WITHOUT_END, 1):
        yield Due(done_at + timedelta(days=day), Step.REMIND_TO_CONFIRM, number, RECEIVER)
    if ends_by_itself:
        yield Due(done_at + CONFIRMED_AFTER, Step.CONFIRM)
    else:
        yield Due(done_at + UNCONFIRMED_AFTER, Step.END_WITHOUT_A_WORD)


def _held_open(due: Due, exchange: Timed, absences: Absences) -> Due:
    """An end that would close a window of somebody who is away comes after their return (NOT-01).

    Who waits for them is bound for a month more at most, and by a proposal until it would begin.
    """
    sides, latest = SIDES, due.at + HELD_AT_MOST
    match due.step:
        case Step.EXPIRE:
            sides, latest = _awaited(exchange), exchange.starts_at
        case Step.CONFIRM:
            sides = RECEIVER
        case Step.END_WISH:
            sides = GIVER
        case Step.END_WITHOUT_A_WORD:
            pass
        case _:
            return due
    return replace(due, at=_hold(due.at, absences, sides, latest))


def _hold(ends_at: datetime, absences: Absences, sides: Sequence[Side], latest: datetime | None = None) -> datetime:
    return hold_open(ends_at, *(absences.get(side) for side in sides), latest=latest)


def absences_in(rests: Rests) -> Absences:
    """When the two are, or were, away."""
    said = {side: absence_of(rest.away_since, rest.away_until) for side, rest in rests.items()}
    return {side: absence for side, absence in said.items() if absence is not None}


def answer_by(exchange: Timed, absences: Absences) -> datetime | None:
    """Until when a proposal waits for its answer; None of what is none."""
    if exchange.state != "proposed" or exchange.expires_at is None:
        return exchange.expires_at
    return _hold(exchange.expires_at, absences, _awaited(exchange), exchange.starts_at)


def confirm_by(exchange: Timed, absences: Absences) -> datetime | None:
    """When a help that is done is confirmed by itself; None where silence says nothing."""
    if exchange.state != "done" or exchange.done_at is None or exchange.consented_minutes is None:
        return None
    by_itself = exchange.done_at + CONFIRMED_AFTER
    return _hold(by_itself, absences, RECEIVER, by_itself + HELD_AT_MOST)


def object_until(tapped_at: datetime, tapped_by: str | None, absences: Absences) -> datetime:
    """Until when the other side of a tap may object to it."""
    return _hold(tapped_at + OBJECT_WITHIN, absences, GIVER if tapped_by == "receiver" else RECEIVER)


def recent_until(ended_at: datetime, absences: Absences) -> datetime:
    """Until when what ended may be disputed or, without a word, declared."""
    return _hold(ended_at + KEPT_AFTER_END, absences, SIDES)


def _awaited(exchange: Timed) -> tuple[Side, ...]:
    return RECEIVER if exchange.awaiting == "receiver" else GIVER


def _latest(exchange: Timed, known: datetime | None) -> datetime:
    """Since when it waits: the last of what is known, whichever version wrote it."""
    return max(each for each in (exchange.created_at, known, exchange.waits_since) if each is not None)


def _ahead(
    step: Step, since: datetime, until: datetime, rests: Rests, sides: tuple[Side, ...] = SIDES
) -> Iterator[Due]:
    """The reminder of a moment to come, of each side at a time when they can be told."""
    if until <= since:
        return
    moments = {side: remind_at(since, until, rests.get(side)) for side in sides}
    for at in sorted(set(moments.values())):
        yield Due(at, step, sides=tuple(side for side in sides if moments[side] == at), about=until)


def _recurring(first: datetime, every: timedelta, at: datetime) -> Iterator[datetime]:
    """Of an endless series its last moment until `at`, and the next after it."""
    passed = (at - first) // every
    if passed >= 0:
        yield first + passed * every
    yield first + max(passed + 1, 0) * every


def due(exchange: Timed, now: datetime, rests: Rests | None = None) -> list[Due]:
    """What has come due since it was last looked at; of reminders of one kind to one side only the last.

    An end stands alone, and comes however late: the state in which it is due says that it did not come yet. Of what was
    to come and has come meanwhile nobody is reminded.
    """
    passed = [each for each in schedule(exchange, now, rests) if each.at <= now]
    ends = [each for each in passed if each.step in ENDS]
    new = [each for each in passed if each.step in UNDONE or each.at > exchange.looked_at]
    return ends[:1] or list({(_kind(each), each.sides): each for each in new if not _is_past(each, now)}.values())


def _kind(reminder: Due) -> Step:
    """Who hears that the moderators were told of a dispute is reminded of it by that."""
    return Step.REMIND_OF_DISPUTE if reminder.step is Step.CALL_MODERATORS else reminder.step


def _is_past(reminder: Due, now: datetime) -> bool:
    return reminder.about is not None and reminder.about <= now


def next_look_at(exchange: Timed, rests: Rests | None = None) -> datetime | None:
    """When to look again; None when time has nothing more to do with it."""
    coming = schedule(exchange, exchange.looked_at, rests)
    return next((each.at for each in coming if each.at > exchange.looked_at or each.step in UNDONE), None)
