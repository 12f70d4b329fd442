"""Background work of looking around."""

from __future__ import annotations

from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable
from neighbourly.search import service


@timetable("50 3 * * *", "search.recount_life", queue="bulk")
def recount_life() -> None:
    """Count anew how much goes on in each neighbourhood that was last counted a week ago; a batch a transaction."""
    counted = service.FIGURES_A_BATCH
    while counted == service.FIGURES_A_BATCH:
        with transaction():
            counted = service.recount_life()
