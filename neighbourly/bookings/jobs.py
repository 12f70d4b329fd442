"""Background work of bookings."""

from __future__ import annotations

from neighbourly.bookings import service
from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable

BATCH = 100


@timetable("*/10 * * * *", "bookings.end_turns", queue="asking")
def end_turns() -> None:
    """Ask the next in line where a turn passed without a proposal, and remind of those that soon will have."""
    more = True
    while more:
        with transaction():
            more = service.end_turns(BATCH) == BATCH
    with transaction():
        service.remind_of_turns()
