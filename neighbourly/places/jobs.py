"""Background work on homes."""

from __future__ import annotations

from neighbourly.core.cells import Cell
from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable
from neighbourly.places import service

TOWNS_A_BATCH = 20


@timetable("10 3 * * *", "places.refit_small", queue="bulk")
def refit_small() -> None:
    """Let homes in territories that are too small to be told follow the map; where all do, nothing changes."""
    last: Cell | None = ""
    while last is not None:
        with transaction():
            last = service.refit_small(limit=TOWNS_A_BATCH, after=last)
