"""When people part: one leaves, or one blocks the other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, update

from neighbourly.core.db import db
from neighbourly.exchanges import needs, selectors
from neighbourly.exchanges.errors import LoanOpen
from neighbourly.exchanges.events import ExchangeCancelled
from neighbourly.exchanges.models import AnswerTime, CalendarFeed, Exchange
from neighbourly.exchanges.service.agreeing import let_go
from neighbourly.exchanges.service.meeting import delete_meetings_between
from neighbourly.exchanges.service.moving import settle, tell
from neighbourly.listings import service as listings

PARTED = "parted"


def refuse_while_open(*, user_id: UUID) -> None:
    """Nobody leaves while a thing is in somebody's hands; raises `LoanOpen`, which names the exchange."""
    open_loan = selectors.find_open_loan(user_id)
    if open_loan is not None:
        raise LoanOpen(exchange_id=str(open_loan))


def part(*, user_id: UUID, other_id: UUID | None = None) -> None:
    """What is proposed or agreed between two who part will not take place; nobody is told why.

    Where they meet, or met, goes with it, whatever state the exchange is in (LOC-13).
    """
    for exchange in selectors.list_pending_of(user_id, other_id):
        if exchange.state == "accepted":
            let_go(exchange)
        exchange.end_reason = PARTED
        settle(exchange, "cancelled")
        tell(exchange, "cancelled_parted", None, ExchangeCancelled(exchange.id, None))
    delete_meetings_between(user_id, other_id)


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes along where they met, what they wrote of things, and how soon they answered."""
    part(user_id=user_id)
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    listings.unname_private(listing_ids=db.session.scalars(needs.lent_for_needs_of(user_id)).all())
    db.session.execute(delete(AnswerTime).where(AnswerTime.subject_id == user_id))
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))
    silent = {"dispute_reason": None, "condition_before": None, "condition_after": None}
    db.session.execute(update(Exchange).where(theirs).values(silent))
