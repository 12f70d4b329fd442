"""The regular look at what runs out of time."""

from __future__ import annotations

from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable
from neighbourly.listings import service

BATCH = 200
"""So many rows are locked at once: well under a second's work."""


@timetable("*/10 * * * *", "listings.watch_expiry")
def watch_expiry() -> None:
    """Expire what is due, then ask the owners of what soon will be."""
    for step in (service.expire_due, service.remind_of_expiry):
        taken = BATCH
        while taken == BATCH:
            with transaction():
                taken = step(BATCH)
