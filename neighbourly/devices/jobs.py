"""Background work of devices: giving up those that no longer show up."""

from __future__ import annotations

from neighbourly.core.db import transaction
from neighbourly.core.jobs import timetable
from neighbourly.devices import service


@timetable("41 2 * * *", "devices.forget_unseen", queue="bulk")
def forget_unseen() -> None:
    """Delete devices unseen for 270 days."""
    with transaction():
        service.forget_unseen()
