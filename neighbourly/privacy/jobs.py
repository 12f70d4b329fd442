"""What is kept no longer goes by night."""

from __future__ import annotations

import structlog

from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable
from neighbourly.privacy import service

log = structlog.get_logger("privacy")


@timetable("11 3 * * *", "privacy.apply_retention", queue="bulk")
def apply_retention() -> None:
    """Apply each rule, a batch a transaction; how many rows each reached is a line of log."""
    for table, rule in service.expiring().items():
        reached, more = 0, service.BATCH
        while more == service.BATCH:
            with transaction():
                more = service.apply_rule(rule)
            reached += more
        if reached:
            log.info("retention applied", table=table, rows=reached)
