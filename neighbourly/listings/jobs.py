"""Background work of listings: what runs out of time, and what has yet to be understood."""

from __future__ import annotations

from uuid import UUID

from neighbourly.core.db import transaction
from neighbourly.core.jobs import job, timetable
from neighbourly.listings import service

BATCH = 200
"""So many rows are locked at once: well under a second's work."""
ENCODED_AT_ONCE = 64
LOOKED_AT_ONCE = 5000


@timetable("*/10 * * * *", "listings.watch_expiry", queue="bulk")
def watch_expiry() -> None:
    """Expire what is due, then ask the owners of what soon will be."""
    for step in (service.expire_due, service.remind_of_expiry):
        taken = BATCH
        while taken == BATCH:
            with transaction():
                taken = step(BATCH)


@job("listings.understand", queue="understanding")
def understand(listing_id: UUID) -> None:
    """Understand what was written just now; while the reader is loading nobody waits for it."""
    with transaction():
        service.understand(listing_id=listing_id)


@timetable("50 3 * * *", "listings.understand_anew", queue="bulk")
def understand_anew() -> None:
    """Note what nobody noted, then read anew what another encoder has read, or the same one with other categories."""
    note_missing()
    taken = ENCODED_AT_ONCE
    while taken == ENCODED_AT_ONCE:
        with transaction():
            taken = service.understand_anew(ENCODED_AT_ONCE)


def note_missing() -> None:
    """Look through all listings for what is not even noted as to be understood: what an older version wrote."""
    after: UUID | None = None
    while True:
        with transaction():
            after = service.note_missing(after=after, limit=LOOKED_AT_ONCE)
        if after is None:
            return


@timetable("* * * * *", "listings.understand_pending", queue="bulk")
def understand_pending() -> None:
    """Understand what is left: what came by the hundred, what was in other hands, what a crash left behind."""
    taken = ENCODED_AT_ONCE
    while taken == ENCODED_AT_ONCE:
        with transaction():
            taken = service.understand_pending(ENCODED_AT_ONCE)
