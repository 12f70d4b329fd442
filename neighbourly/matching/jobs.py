"""Background work of matching; each wave is a transaction of its own."""

from __future__ import annotations

from uuid import UUID

from neighbourly.core.db import transaction
from neighbourly.core.jobs import job, timetable
from neighbourly.listings import service as listings
from neighbourly.matching import selectors, service

MOST_A_MINUTE = 2_000
A_BATCH = 200


@job("matching.send_wave", queue="asking")
def send_wave(listing_id: UUID) -> None:
    """Send the next wave of one request, understood first; after a crash it finds the wave sent, and not due."""
    with transaction():
        listings.understand(listing_id=listing_id)
    with transaction():
        service.send_wave(listing_id=listing_id)


@job("matching.tell_of_offer", queue="understanding")
def tell_of_offer(listing_id: UUID) -> None:
    """Tell those whom a new offer could help, once it is understood, and put open needs to its owner."""
    try_offer(listing_id)
    with transaction():
        service.tell_of_offer(listing_id=listing_id)


@job("matching.try_offer", queue="understanding")
def try_offer(listing_id: UUID) -> None:
    """Put open needs around again that an offer might meet, once it is understood."""
    with transaction():
        listings.understand(listing_id=listing_id, patiently=True)
    with transaction():
        service.try_offer(listing_id=listing_id)


@timetable("* * * * *", "matching.send_due_waves", queue="asking")
def send_due_waves() -> None:
    """Send all waves whose time has come, those first that have waited the longest."""
    for _ in range(MOST_A_MINUTE):
        with transaction():
            sent = service.send_next_due_wave()
        if not sent:
            return


@timetable("45 2 * * *", "matching.recount_habits", queue="bulk")
def recount_habits() -> None:
    """Count anew how neighbours answer."""
    with transaction():
        service.recount_habits()


@timetable("40 * * * *", "matching.try_exhausted_again", queue="bulk")
def try_exhausted_again() -> None:
    """Look again for needs that nobody was left for: people come back, and may be asked again a week later."""
    after: UUID | None = None
    while True:
        with transaction():
            batch = selectors.list_exhausted(after, A_BATCH)
        for listing_id in batch:
            with transaction():
                service.try_again(listing_id=listing_id)
        if len(batch) < A_BATCH:
            return
        after = batch[-1]
