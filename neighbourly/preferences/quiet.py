"""Quiet hours: whether it is quiet for someone at a moment, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """From when until when it is quiet, on somebody's wall clock."""

    begins: time
    ends: time


@dataclass(frozen=True)
class QuietPeriod:
    """One night's quiet, from when until when (UTC)."""

    begins: datetime
    ends: datetime


def quiet_until(now: datetime, quiet_from: time | None, quiet_to: time | None, time_zone: str) -> datetime | None:
    """Say when the quiet hours under way end (UTC), or None where there are none at this moment."""
    period = quiet_period(now, quiet_from, quiet_to, time_zone)
    return None if period is None else period.ends


def quiet_period(at: datetime, quiet_from: time | None, quiet_to: time | None, time_zone: str) -> QuietPeriod | None:
    """The quiet hours that hold a moment; None where there are none then.

    The hours are those of the wall clock in `time_zone` (an IANA name), from `quiet_from` on and up to `quiet_to`,
    over midnight where the second is the smaller; equal ones mean no quiet hours at all. Where the clocks change
    within a bound (an hour that is skipped or comes twice) the quiet is the longer of the two readings.
    """
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return None
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begins = min(_readings(day, quiet_from, zone))
        ends = max(_readings(day if quiet_from < quiet_to else day + timedelta(days=1), quiet_to, zone))
        if begins <= at < ends:
            return QuietPeriod(begins, ends)
    return None


def _readings(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give both moments that a wall clock's time can mean on a day; they differ only where the clocks change."""
    local = datetime.combine(day, wall, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
