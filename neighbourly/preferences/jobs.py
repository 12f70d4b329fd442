"""Background work on preferences."""

from __future__ import annotations

from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable
from neighbourly.preferences import service


@timetable("20 3 * * *", "preferences.renew_radii")
def renew_radii() -> None:
    """Count anew, each night, how far 50 neighbours live from every home; a batch a transaction."""
    last: str | None = ""
    while last is not None:
        with transaction():
            last = service.renew_radii(after=last)
