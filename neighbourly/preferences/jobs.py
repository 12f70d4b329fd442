"""Background work on preferences."""

from __future__ import annotations

from neighbourly.core.db import transaction
from neighbourly.core.jobs import job, timetable
from neighbourly.listings.reading import get_reader
from neighbourly.preferences import service

SEARCHES_A_BATCH = 64
"""So many are understood, and locked, at once: well under a second's work."""


@timetable("20 3 * * *", "preferences.renew_radii")
def renew_radii() -> None:
    """Count anew, each night, how far 50 neighbours live from every home; a batch a transaction."""
    last: str | None = ""
    while last is not None:
        with transaction():
            last = service.renew_radii(after=last)


@job("preferences.understand_searches")
def understand_searches() -> None:
    """Understand what was saved just now, and whatever else waits; a batch a transaction."""
    reader = get_reader()
    if reader is None:
        return
    taken = SEARCHES_A_BATCH
    while taken == SEARCHES_A_BATCH:
        with transaction():
            taken = service.understand_searches(reader, SEARCHES_A_BATCH)


@timetable("35 * * * *", "preferences.understand_rest")
def understand_rest() -> None:
    """Understand, each hour, what no job has: after a crash, an upgrade, or a time in which nothing was read."""
    reader = get_reader()
    if reader is not None:
        with transaction():
            service.forget_outdated_meanings(reader)
    understand_searches()
