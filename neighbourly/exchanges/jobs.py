"""Background work of exchanges; each exchange that time looks at is a transaction of its own."""

from __future__ import annotations

from uuid import UUID

from neighbourly.core.db import transaction
from neighbourly.core.jobs import job, timetable
from neighbourly.exchanges import service

MOST_A_MINUTE = 2_000
BATCH = 500


@timetable("* * * * *", "exchanges.look", queue="asking")
def look() -> None:
    """Do what time has brought, to those first that have waited the longest."""
    for _ in range(MOST_A_MINUTE):
        with transaction():
            looked = service.look_at_next()
        if not looked:
            return


@timetable("*/10 * * * *", "exchanges.remind_of_choices", queue="asking")
def remind_of_choices() -> None:
    """Remind who asked of the yeses that wait."""
    with transaction():
        service.remind_of_choices()


@job("exchanges.tell_overtaken", queue="asking")
def tell_overtaken(listing_id: UUID) -> None:
    """Tell those for whose time nothing is left, each by itself; again after a crash nobody hears it twice."""
    with transaction():
        rivals = service.list_rivals(listing_id=listing_id)
    for exchange_id in rivals:
        with transaction():
            service.tell_overtaken(exchange_id=exchange_id)


@job("exchanges.end_proposals", queue="asking")
def end_proposals(listing_id: UUID) -> None:
    """End what was still proposed when a listing ended, each by itself; again after a crash nobody hears it twice."""
    with transaction():
        proposed = service.list_proposed_on(listing_id=listing_id)
    for exchange_id in proposed:
        with transaction():
            service.end_proposal(exchange_id=exchange_id, listing_id=listing_id)


@timetable("25 2 * * *", "exchanges.recount", queue="bulk")
def recount() -> None:
    """Count anew how soon people answer."""
    with transaction():
        service.recount_answer_times()


@timetable("35 * * * *", "exchanges.waken_forgotten", queue="bulk")
def waken_forgotten() -> None:
    """Let time look again at what waits and was left out, a batch a transaction."""
    after: UUID | None = None
    while True:
        with transaction():
            after = service.waken_forgotten(after=after, limit=BATCH)
        if after is None:
            return


@timetable("*/20 * * * *", "exchanges.forget_meetings", queue="bulk")
def forget_meetings() -> None:
    """Delete meeting places that nobody may read any more."""
    with transaction():
        service.forget_meetings()
