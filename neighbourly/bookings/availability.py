"""When something can be had: weekly windows on the owner's wall clock, exceptions, and what others have; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FARTHEST = timedelta(days=731)
"""How far ahead anything is planned."""
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, order=True)
class Slot:
    """A half-open stretch of time, `[starts_at, ends_at)`, in UTC."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, other: Slot) -> bool:
        """Whether the other lies wholly within this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


@dataclass(frozen=True)
class Window:
    """From when until when on one day of each week; `until` of midnight means the end of that day."""

    weekday: int
    begins: time
    until: time


@dataclass(frozen=True)
class Closed:
    """Days on which there is nothing to be had, the last included."""

    first: date
    last: date


@dataclass(frozen=True)
class Availability:
    """What an owner said of when; without windows it is at any time."""

    windows: tuple[Window, ...]
    closed: tuple[Closed, ...]
    time_zone: str

    @classmethod
    def of(
        cls, windows: Iterable[Mapping[str, Any]], closed: Iterable[Mapping[str, Any]], time_zone: str
    ) -> Availability:
        """As a listing stores it."""
        return cls(
            tuple(
                Window(each["weekday"], time.fromisoformat(each["from"]), time.fromisoformat(each["to"]))
                for each in windows
            ),
            tuple(Closed(date.fromisoformat(each["from"]), date.fromisoformat(each["until"])) for each in closed),
            time_zone,
        )


def open_slots(availability: Availability, span: Slot) -> list[Slot]:
    """The stretches of the span in which the owner offers it: windows without the closed days, touching ones joined.

    Windows are those of the wall clock, also on the days when the clocks change.
    """
    zone = ZoneInfo(availability.time_zone)
    day = span.starts_at.astimezone(zone).date() - timedelta(days=1)
    last = span.ends_at.astimezone(zone).date()
    found: list[Slot] = []
    while day <= last:
        found += [_on(day, window, zone) for window in _windows_of(availability, day)]
        day += timedelta(days=1)
    whole = [slot for each in _joined(found) if (slot := within(each, span)) is not None]
    closed = _joined(_closed_slots(availability, span))
    return [part for each in whole for part in _gaps(closed, each)]


def _windows_of(availability: Availability, day: date) -> list[Window]:
    if not availability.windows:
        return [Window(day.weekday(), time.min, time.min)]
    return [each for each in availability.windows if each.weekday == day.weekday()]


def _on(day: date, window: Window, zone: ZoneInfo) -> Slot:
    over_midnight = window.until <= window.begins
    until = day + timedelta(days=1) if over_midnight else day
    return Slot(_moment(day, window.begins, zone), _moment(until, window.until, zone))


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """When a wall clock shows this; where it does so twice or never, the later it could be, as PostgreSQL takes it."""
    shown = datetime.combine(day, wall, zone)
    return max(shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC))


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _joined(slots: Iterable[Slot]) -> list[Slot]:
    joined: list[Slot] = []
    for slot in sorted(each for each in slots if each.starts_at < each.ends_at):
        if joined and slot.starts_at <= joined[-1].ends_at:
            joined[-1] = Slot(joined[-1].starts_at, max(joined[-1].ends_at, slot.ends_at))
        else:
            joined.append(slot)
    return joined


def within(slot: Slot, span: Slot) -> Slot | None:
    """What of it lies in the span."""
    begins, ends = max(slot.starts_at, span.starts_at), min(slot.ends_at, span.ends_at)
    return Slot(begins, ends) if begins < ends else None


def fits(availability: Availability, wanted: Slot, *, throughout: bool) -> bool:
    """Whether the owner offers it then.

    A help lies wholly within a window (`throughout`). A loan begins and ends within windows and does not touch a day
    on which there is nothing to be had.
    """
    margin = Slot(wanted.starts_at - timedelta(days=1), wanted.ends_at + timedelta(days=1))
    offered = open_slots(availability, margin)
    if throughout:
        return any(each.holds(wanted) for each in offered)
    begins = any(each.starts_at <= wanted.starts_at < each.ends_at for each in offered)
    ends = any(each.starts_at < wanted.ends_at <= each.ends_at for each in offered)
    return begins and ends and not _touches_closed(availability, wanted)


def _touches_closed(availability: Availability, wanted: Slot) -> bool:
    zone = ZoneInfo(availability.time_zone)
    first = wanted.starts_at.astimezone(zone).date()
    last = (wanted.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return any(each.first <= last and first <= each.last for each in availability.closed)


def free_slots(
    availability: Availability,
    span: Slot,
    taken_by_copy: Sequence[Sequence[Slot]],
    *,
    pause: timedelta = timedelta(),
) -> list[Slot]:
    """For each copy the longest stretches in which it can be had: a booking that fills one is taken (BOK-08).

    Each begins and ends within the owner's windows, touches no closed day, and leaves the pause before the next
    occupation. A stretch that lies within another copy's is left out.
    """
    offered = open_slots(availability, span)
    with_pause = Slot(span.starts_at, span.ends_at + pause)
    closed = _closed_slots(availability, with_pause)
    found = {
        slot
        for taken in taken_by_copy
        for gap in _gaps(_joined([*taken, *closed]), with_pause)
        if (slot := _snapped(Slot(gap.starts_at, gap.ends_at - pause), offered)) is not None
    }
    return [each for each in sorted(found) if not any(other != each and other.holds(each) for other in found)]


def next_of_length(free: Sequence[Slot], offered: Sequence[Slot], length: timedelta) -> Slot | None:
    """The first time of that length within one of the free stretches that begins and ends when it is offered."""
    firsts = (_first_within(stretch, offered, length) for stretch in free)
    return min((each for each in firsts if each is not None), default=None)


def _first_within(stretch: Slot, offered: Sequence[Slot], length: timedelta) -> Slot | None:
    windows = [part for each in offered if (part := within(each, stretch)) is not None]
    last = 0
    for window in windows:
        while last < len(windows) and windows[last].ends_at - length < window.starts_at:
            last += 1
        if last == len(windows):
            return None
        # The end lies within that window, not on its first moment.
        soonest = windows[last].starts_at - length
        begins = window.starts_at if soonest < window.starts_at else soonest + A_MINUTE
        if begins < window.ends_at and begins + length <= windows[last].ends_at:
            return Slot(begins, begins + length)
    return None


def _closed_slots(availability: Availability, span: Slot) -> list[Slot]:
    zone = ZoneInfo(availability.time_zone)
    whole = [
        Slot(_beginning(each.first, zone), _beginning(each.last + timedelta(days=1), zone))
        for each in availability.closed
    ]
    return [slot for each in whole if (slot := within(each, span)) is not None]


def _gaps(taken: Sequence[Slot], span: Slot) -> list[Slot]:
    gaps, begins = [], span.starts_at
    for slot in taken:
        until = min(slot.starts_at, span.ends_at)
        if begins < until:
            gaps.append(Slot(begins, until))
        begins = max(begins, slot.ends_at)
    if begins < span.ends_at:
        gaps.append(Slot(begins, span.ends_at))
    return gaps


def _snapped(gap: Slot, offered: Sequence[Slot]) -> Slot | None:
    """The gap from the first moment in it at which a loan may begin to the last at which one may end."""
    parts = [part for each in offered if (part := within(each, gap)) is not None]
    return Slot(parts[0].starts_at, parts[-1].ends_at) if parts else None
