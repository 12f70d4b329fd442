"""Background work on preferences."""

from __future__ import annotations

from uuid import UUID

from neighbourly.core.db import transaction
from neighbourly.core.jobs import job, timetable
from neighbourly.listings.reading import find_reader, get_reader
from neighbourly.preferences import service

TOWNS_A_BATCH = 20
SEARCHES_A_BATCH = 64
"""So many are understood, and locked, at once: well under a second's work."""


@timetable("* * * * *", "preferences.end_absences", queue="asking")
def end_absences() -> None:
    """Do what waits for the end of absences; each is a transaction of its own, and none holds up the others."""
    with transaction():
        returned = service.list_returned()
    for user_id in returned:
        with transaction():
            service.end_absence(user_id=user_id)


@timetable("20 3 * * *", "preferences.renew_radii", queue="bulk")
def renew_radii() -> None:
    """Count anew, each night, how far 50 neighbours live from every home; a batch a transaction."""
    last: str | None = ""
    while last is not None:
        with transaction():
            last = service.renew_radii(after=last)


@timetable("40 3 * * *", "preferences.recount_interests", queue="bulk")
def recount_interests() -> None:
    """Count anew, each night, how many take an interest in what, some towns a transaction."""
    with transaction():
        towns = service.list_towns()
    for start in range(0, len(towns), TOWNS_A_BATCH):
        with transaction():
            service.recount_interests(towns=towns[start : start + TOWNS_A_BATCH])


@job("preferences.understand_search", queue="understanding")
def understand_search(search_id: UUID) -> None:
    """Understand what was saved just now; while the reader is loading nobody waits for it."""
    reader = find_reader()
    if reader is not None:
        with transaction():
            service.understand_search(reader, search_id)


@timetable("* * * * *", "preferences.understand_rest", queue="bulk")
def understand_rest() -> None:
    """Understand what no job has: what came while the reader was loading, after a crash, or while none was chosen."""
    reader = get_reader()
    if reader is None:
        return
    taken = SEARCHES_A_BATCH
    while taken == SEARCHES_A_BATCH:
        with transaction():
            taken = service.understand_searches(reader, SEARCHES_A_BATCH)


@timetable("5 4 * * *", "preferences.understand_anew", queue="bulk")
def understand_anew() -> None:
    """What another reader has read waits to be read anew: after an upgrade, say."""
    reader = get_reader()
    if reader is not None:
        with transaction():
            service.forget_outdated_meanings(reader)
