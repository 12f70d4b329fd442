"""What a kind of listing can become, and how long a help takes that is said as hours; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

Sort = Literal["thing", "help"]
WORKING_DAY_MINUTES = 480
"""A help of more minutes is agreed only where both say the number (CON-10)."""
LONGEST_HOURS = timedelta(days=1)
"""A need whose end lies farther from its beginning names a date to be met by, and no hours."""


def sort_of(kind: str | None) -> Sort | None:
    """Whether a listing of this kind is taken up as a thing (loan, gift) or as a help; None while that is not said."""
    if kind is None:
        return None
    return "thing" if kind == "item" else "help"


def are_hours(begins: datetime | None, ends: datetime | None) -> bool:
    """Whether these two are the hours of a help, rather than a span in which it may take place."""
    return begins is not None and ends is not None and ends - begins <= LONGEST_HOURS


def reckon_minutes(begins: datetime | None, ends: datetime | None) -> int | None:
    """The minutes that follow from the hours of a help; None where there are none, or more than a working day."""
    if begins is None or ends is None or not are_hours(begins, ends):
        return None
    minutes = max(1, round((ends - begins).total_seconds() / 60))
    return minutes if minutes <= WORKING_DAY_MINUTES else None
