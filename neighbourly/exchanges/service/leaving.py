"""When people part: one leaves, or one blocks the other."""

from __future__ import annotations

from datetime import UTC
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, update

from neighbourly.accounts import service as accounts
from neighbourly.accounts.models import User
from neighbourly.bookings import service as bookings
from neighbourly.core import audit, clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges import holding_up, needs, policy, selectors
from neighbourly.exchanges.errors import LoanOpen
from neighbourly.exchanges.events import ExchangeCancelled, LeavingHeldUp, ThingReturned
from neighbourly.exchanges.lifecycle import HELP, LOAN
from neighbourly.exchanges.models import AnswerTime, CalendarFeed, Exchange
from neighbourly.exchanges.service.agreeing import let_go
from neighbourly.exchanges.service.former import empty_deserted, mask_titles, unname_things
from neighbourly.exchanges.service.lateness import listing_of
from neighbourly.exchanges.service.meeting import delete_meetings_between
from neighbourly.exchanges.service.moving import settle, tell
from neighbourly.listings import service as listings

PARTED, NO_WORD = "parted", "no_word"


def refuse_while_open(*, user_id: UUID) -> None:
    """Who has, or lent, a thing that is out leaves later: when it is back, and in any case after a bounded time.

    The wish is kept, a moderator told, and nothing new begins meanwhile. Raises `LoanOpen`, which names the exchange
    and says when. What was returned holds nobody up, whoever disputes it.
    """
    now = clock.now()
    held = {each.id: holding_up.release_at(each) for each in holding_up.list_things_out(user_id)}
    waits = {exchange_id: until for exchange_id, until in held.items() if until > now}
    if not waits:
        return
    latest = min(max(waits.values()), now + holding_up.HELD_AT_MOST)
    leaves_at = accounts.note_wish_to_leave(user_id=user_id, leaves_at=latest)
    if leaves_at <= now:
        return
    _call_off_pending(user_id)
    for exchange_id in waits:
        publish(LeavingHeldUp(exchange_id))
    raise LoanOpen(exchange_id=str(min(waits)), leaves_at=leaves_at.astimezone(UTC).isoformat())


def part(*, user_id: UUID, other_id: UUID | None = None) -> None:
    """What is proposed or agreed between two who part will not take place; nobody is told why.

    Where they meet, or met, goes with it, whatever state the exchange is in (LOC-13).
    """
    _call_off_pending(user_id, other_id)
    if other_id is not None:
        _keep_known(user_id, other_id)
    delete_meetings_between(user_id, other_id)


def _call_off_pending(user_id: UUID, other_id: UUID | None = None) -> None:
    for exchange in selectors.list_pending_of(user_id, other_id):
        if exchange.state == "accepted":
            let_go(exchange)
        exchange.end_reason = PARTED
        settle(exchange, "cancelled")
        tell(exchange, "cancelled_parted", None, ExchangeCancelled(exchange.id, None))


def _keep_known(user_id: UUID, other_id: UUID) -> None:
    """What the two were called at the first block stays: nothing that is renamed later is told."""
    between = Exchange.giver_id.in_((user_id, other_id)) & Exchange.receiver_id.in_((user_id, other_id))
    name_of = {
        side: select(User.display_name).where(User.id == column).scalar_subquery()
        for side, column in (("known_giver_name", Exchange.giver_id), ("known_receiver_name", Exchange.receiver_id))
    }
    db.session.flush()
    db.session.execute(
        update(Exchange)
        .where(between, Exchange.known_giver_name.is_(None))
        .values(name_of)
        .execution_options(synchronize_session=False)
    )


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes along where they met, what they wrote of things, and how soon they answered.

    To the other side each thing stays called as it was known, without contact data (BOK-12).
    """
    part(user_id=user_id)
    _end_unfinished(user_id)
    _close_ended(user_id)
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    unname_things(user_id)
    mask_titles(user_id)
    empty_deserted(user_id)
    listings.unname_private(listing_ids=db.session.scalars(needs.lent_for_needs_of(user_id)).all())
    db.session.execute(delete(AnswerTime).where(AnswerTime.subject_id == user_id))
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))
    said = ("dispute_reason", "condition_before", "condition_after")
    known = ("known_giver_name", "known_receiver_name")
    db.session.execute(update(Exchange).where(theirs).values(dict.fromkeys((*said, *known))))


def _end_unfinished(user_id: UUID) -> None:
    """Nothing waits for who is gone: the other side hears that it is over; of what was out a case stays on record.

    A dispute of what was returned ends as returned; minutes that are disputed do not move.
    """
    for exchange in holding_up.list_unfinished_of(user_id):
        returned = exchange.kind == LOAN and exchange.disputed_from == "returned" and exchange.state == "disputed"
        if policy.is_out(exchange):
            audit.record("left_with_thing_out", actor_id=user_id, subject_id=exchange.id, state=exchange.state)
            publish(LeavingHeldUp(exchange.id))
        if exchange.kind == HELP:
            let_go(exchange)
        elif not returned:
            bookings.give_back(listing=listing_of(exchange), holder_id=exchange.id, now=clock.now())
        exchange.end_reason = policy.LEFT
        settle(exchange, "returned" if returned else "cancelled")
        over = ThingReturned(exchange.id, None) if returned else ExchangeCancelled(exchange.id, None)
        tell(exchange, "over_since_left", None, over)


def _close_ended(user_id: UUID) -> None:
    """Nobody says yes late to who is gone, nor that it did take place; as behind a block, which is not told from it.

    What was brought back or given may still be disputed, as there, and holds nobody up; by an objection it would be out
    again, with nobody who could bring it.
    """
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    may_go_on = or_(Exchange.state == "expired", and_(Exchange.state == "cancelled", Exchange.end_reason == NO_WORD))
    db.session.flush()
    db.session.execute(update(Exchange).where(theirs, may_go_on).values(end_reason=PARTED))
    tapped = Exchange.ended_at.is_not(None) & Exchange.tapped_at.is_not(None)
    db.session.execute(update(Exchange).where(theirs, tapped).values(tapped_by=None, tapped_at=None))
