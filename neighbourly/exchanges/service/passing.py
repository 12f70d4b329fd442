"""What time does: it reminds, asks, and ends what nobody ended. Each step is computed from the state at this moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, func, or_, select, text, true, update

from neighbourly.core import clock
from neighbourly.core.db import attempt, db
from neighbourly.core.events import publish
from neighbourly.exchanges import timeline
from neighbourly.exchanges.events import DisputeUnsettled, ExchangeCancelled, ExchangeExpired, ReminderDue
from neighbourly.exchanges.models import AnswerTime, Exchange
from neighbourly.exchanges.policy import person_of
from neighbourly.exchanges.rests import FOLLOWED, rests_of
from neighbourly.exchanges.service.absences import is_away
from neighbourly.exchanges.service.agreeing import let_go
from neighbourly.exchanges.service.confirming import end_as_confirmed, only_as_agreed
from neighbourly.exchanges.service.disputing import dispute_by_time
from neighbourly.exchanges.service.extending import end_wish
from neighbourly.exchanges.service.lateness import keep_while_late
from neighbourly.exchanges.service.moving import look_again, settle, tell
from neighbourly.exchanges.timeline import Due, Step

TRIED_AGAIN_AFTER = timedelta(minutes=10)
WAITING = ("proposed", "accepted", "handed_over", "disputed", "done")
log = structlog.get_logger("exchanges")
RECOUNT = text(
    """
    INSERT INTO answer_times (subject_id, median_minutes, answers)
    SELECT subject, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), count(*) FROM (
        SELECT s.subject, extract(epoch FROM e.answered_at - e.created_at) / 60 AS minutes
        FROM exchanges e
        CROSS JOIN LATERAL (VALUES (e.neighbourhood_id),
            (CASE WHEN e.conversation_id IN (SELECT c.id FROM conversations c WHERE c.opener_id = e.giver_id)
             THEN e.receiver_id ELSE e.giver_id END)) AS s (subject)
        WHERE e.answered_at > :since AND s.subject IS NOT NULL
          AND NOT EXISTS (SELECT FROM users u WHERE u.id = s.subject AND u.state = 'erased')
    ) answered
    GROUP BY subject HAVING count(*) >= 5
    """
)


def look_at_next() -> bool:
    """The exchange that time has waited for longest is looked at; False where none is due. Several workers share.

    One that fails is left as it was and looked at again later: the others do not wait for it.
    """
    now = clock.now()
    waiting = select(Exchange).where(Exchange.look_at <= now).order_by(Exchange.look_at).limit(1)
    exchange = db.session.scalars(
        waiting.with_for_update(skip_locked=True, key_share=True).execution_options(populate_existing=True)
    ).one_or_none()
    if exchange is None:
        return False
    exchange_id = exchange.id
    reason = attempt(lambda: _look_at(exchange, now))
    if reason is not None:
        log.error("time could not go on", exchange=str(exchange_id), kind=type(reason).__name__)
        db.session.get_one(Exchange, exchange_id).look_at = now + TRIED_AGAIN_AFTER
    return True


def _look_at(exchange: Exchange, now: datetime) -> None:
    for step in timeline.due(exchange, now, rests_of(exchange)):
        _do(exchange, step)
    look_again(exchange, now)


def _do(exchange: Exchange, due: Due) -> None:
    match due.step:
        case Step.EXPIRE:
            awaited = exchange.awaiting
            settle(exchange, "expired")
            exchange.awaiting = awaited
            away = is_away(exchange, awaited)
            tell(exchange, "expired_away" if away else "expired", None, ExchangeExpired(exchange.id, while_away=away))
        case Step.END_WITHOUT_A_WORD:
            let_go(exchange, expired=True)
            exchange.end_reason = "no_word"
            settle(exchange, "cancelled")
            tell(exchange, "cancelled_no_word", None, ExchangeCancelled(exchange.id, None))
        case Step.CONFIRM:
            only_as_agreed(exchange)
            end_as_confirmed(exchange, None)
        case Step.BE_LATE:
            keep_while_late(exchange)
        case Step.END_WISH:
            end_wish(exchange)
        case Step.BE_DISPUTED:
            dispute_by_time(exchange)
        case _:
            people = tuple(person_of(side, exchange) for side in due.sides)
            publish(ReminderDue(exchange.id, due.step.value, due.about or due.at, people))
            if due.step is Step.CALL_MODERATORS:
                publish(DisputeUnsettled(exchange.id, due.at))


def follow_rests(*, user_id: UUID) -> None:
    """Somebody's quiet hours are others, or their absence: time looks anew, and soon, at what depends on them.

    No version is raised: nothing of it is other. What is moved at this moment is left to who moves it.
    """
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    reminded = select(Exchange.id).where(theirs, Exchange.state.in_(FOLLOWED), Exchange.look_at > clock.now())
    free = reminded.with_for_update(skip_locked=True).scalar_subquery()
    soon = update(Exchange).where(Exchange.id.in_(free)).values(look_at=clock.now())
    db.session.execute(soon.execution_options(synchronize_session=False))


def waken_forgotten(*, after: UUID | None, limit: int) -> UUID | None:
    """What waits for somebody and is not to be looked at any more, as an earlier version left it, is from now on.

    Nothing of what lies behind is done or told, but for an end. Goes on `after` an id; the last one's, None at the end.
    """
    waits = Exchange.ended_at.is_(None) & Exchange.state.in_(WAITING) & Exchange.look_at.is_(None)
    forgotten = select(Exchange).where(waits, true() if after is None else Exchange.id > after)
    rows = forgotten.order_by(Exchange.id).limit(limit).with_for_update(skip_locked=True, key_share=True)
    found = db.session.scalars(rows).all()
    for exchange in found:
        look_again(exchange, clock.now())
    return found[-1].id if len(found) == limit else None


def recount_answer_times() -> None:
    """How soon people answer: medians over 90 days, of persons and of neighbourhoods, from five answers on."""
    db.session.execute(delete(AnswerTime))
    db.session.execute(RECOUNT, {"since": clock.now() - 90 * timeline.DAY})


def count_waiting() -> int:
    """How many exchanges time should have looked at by now."""
    return db.session.scalar(select(func.count()).where(Exchange.look_at <= clock.now())) or 0
