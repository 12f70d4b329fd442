"""Background work of acquaintances."""

from __future__ import annotations

from neighbourly.acquaintances import service
from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable


@timetable("45 2 * * *", "acquaintances.forget_old", queue="bulk")
def forget_old() -> None:
    """Delete approaches that were never answered."""
    with transaction():
        service.forget_old()
