"""Time on an owner's wall clock: which moment it shows, and how long a loan lasts that is counted in days; pure.

A day is from one hour to the same hour of the next day, also where the clocks change in between and it has 23 or 25
hours (BOK-03). What is left over is counted in hours that pass. `wanted` counts days in SQL by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Length:
    """So many whole days, and what is left over: always less than one more day."""

    days: int
    rest: timedelta


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a wall clock shows this, in UTC; where it does so twice or never, the later it could be.

    PostgreSQL takes the same. `wall`: without a zone.
    """
    shown = wall.replace(tzinfo=zone)
    return max(shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC))


def days_after(moment: datetime, days: int, time_zone: str) -> datetime:
    """The same hour so many days later, or earlier for days below zero; in UTC."""
    if days == 0:
        return moment
    zone = ZoneInfo(time_zone)
    wall = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    return moment_of(wall + timedelta(days=days), zone)


def length_between(starts_at: datetime, ends_at: datetime, time_zone: str) -> Length:
    """How long that is on this clock."""
    zone = ZoneInfo(time_zone)
    days = max(0, (ends_at.astimezone(zone).date() - starts_at.astimezone(zone).date()).days)
    while days and days_after(starts_at, days, time_zone) > ends_at:
        days -= 1
    return Length(days, ends_at - days_after(starts_at, days, time_zone))


def end_after(starts_at: datetime, length: Length, time_zone: str) -> datetime:
    """When what lasts so long ends; what is short of a further day stays so where that day is shorter."""
    whole = days_after(starts_at, length.days, time_zone)
    return min(whole + length.rest, days_after(starts_at, length.days + 1, time_zone))


def begin_before(ends_at: datetime, length: Length, time_zone: str) -> datetime:
    """When what ends then began; to the hour where the clocks change at one of the two."""
    return days_after(ends_at - length.rest, -length.days, time_zone)
