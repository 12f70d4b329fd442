"""When something can be had: weekly windows on the owner's wall clock, exceptions, and what others have; pure.

An owner chooses how many copies, windows and closed days there are, and whoever looks chooses the span: nothing here
does work that grows with the product of two of these (SEC-16).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from neighbourly.bookings.wall_clock import Length, begin_before, end_after, moment_of

FARTHEST = timedelta(days=731)
"""How far ahead anything is planned."""
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MOST_TRIED = 5_000
"""So many beginnings are tried for a time of some length: two years of a window a day, on several copies."""
_BEGINS, _ENDS = attrgetter("starts_at"), attrgetter("ends_at")
_IN_ORDER = attrgetter("starts_at", "ends_at")


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
    """What an owner said of when; without windows it is at any time.

    Before `away_until` there is nothing to be had: they are away, from the present on (NOT-01).
    """

    windows: tuple[Window, ...]
    closed: tuple[Closed, ...]
    time_zone: str
    away_until: datetime | None = None

    @classmethod
    def of(
        cls,
        windows: Iterable[Mapping[str, Any]],
        closed: Iterable[Mapping[str, Any]],
        time_zone: str,
        away_until: datetime | None = None,
    ) -> Availability:
        """As a listing stores it."""
        return cls(
            tuple(
                Window(each["weekday"], time.fromisoformat(each["from"]), time.fromisoformat(each["to"]))
                for each in windows
            ),
            tuple(Closed(date.fromisoformat(each["from"]), date.fromisoformat(each["until"])) for each in closed),
            time_zone,
            away_until,
        )


def open_slots(availability: Availability, span: Slot) -> list[Slot]:
    """The stretches of the span in which the owner offers it: windows without the closed days, touching ones joined.

    Windows are those of the wall clock, also on the days when the clocks change. In order.
    """
    closed = _joined(_closed_slots(availability, span))
    if not availability.windows:
        return _gaps(closed, span)
    whole = (within(each, span) for each in _joined(_windows_in(availability, span)))
    return [part for each in whole if each is not None for part in _gaps(_meeting(closed, each), each)]


def _windows_in(availability: Availability, span: Slot) -> Iterator[Slot]:
    """The windows of each day of the span, and of the day before, of which one may last over midnight."""
    zone = ZoneInfo(availability.time_zone)
    by_weekday: list[list[Window]] = [[], [], [], [], [], [], []]
    for window in availability.windows:
        by_weekday[window.weekday].append(window)
    day = span.starts_at.astimezone(zone).date() - A_DAY
    last = span.ends_at.astimezone(zone).date()
    while day <= last:
        windows = by_weekday[day.weekday()]
        steady = _steady_offset(day, zone) if windows else None
        for window in windows:
            yield _on(day, window, zone, steady)
        day += A_DAY


def _steady_offset(day: date, zone: ZoneInfo) -> timedelta | None:
    """How far the clocks are ahead of UTC all day and the next; None where they change."""
    first, *others = (zone.utcoffset(datetime.combine(day + n * A_DAY, time.min)) for n in range(3))
    return first if all(each == first for each in others) else None


def _on(day: date, window: Window, zone: ZoneInfo, steady: timedelta | None) -> Slot:
    until = day + A_DAY if window.until <= window.begins else day
    if steady is not None:
        begins, ends = datetime.combine(day, window.begins), datetime.combine(until, window.until)
        return Slot((begins - steady).replace(tzinfo=UTC), (ends - steady).replace(tzinfo=UTC))
    begins, ends = datetime.combine(day, window.begins), datetime.combine(until, window.until)
    return Slot(moment_of(begins, zone), moment_of(ends, zone))


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _joined(slots: Iterable[Slot]) -> list[Slot]:
    joined: list[Slot] = []
    for slot in sorted((each for each in slots if each.starts_at < each.ends_at), key=_IN_ORDER):
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
    on which there is nothing to be had; of the windows in between none is looked at.
    """
    if throughout:
        margin = Slot(wanted.starts_at - A_DAY, wanted.ends_at + A_DAY)
        return any(each.holds(wanted) for each in open_slots(availability, margin))
    begins = open_slots(availability, Slot(wanted.starts_at - A_DAY, wanted.starts_at + A_DAY))
    ends = open_slots(availability, Slot(wanted.ends_at - A_DAY, wanted.ends_at + A_DAY))
    return (
        any(each.starts_at <= wanted.starts_at < each.ends_at for each in begins)
        and any(each.starts_at < wanted.ends_at <= each.ends_at for each in ends)
        and not _touches_closed(availability, wanted)
    )


def _touches_closed(availability: Availability, wanted: Slot) -> bool:
    if availability.away_until is not None and wanted.starts_at < availability.away_until:
        return True
    zone = ZoneInfo(availability.time_zone)
    first = wanted.starts_at.astimezone(zone).date()
    last = (wanted.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return any(each.first <= last and first <= each.last for each in availability.closed)


def free_slots(
    availability: Availability,
    span: Slot,
    taken_by_copy: Iterable[Sequence[Slot]],
    *,
    pause: timedelta = timedelta(),
    offered: Sequence[Slot] | None = None,
) -> list[Slot]:
    """For each copy the longest stretches in which it can be had: a booking that fills one is taken (BOK-08).

    Each begins and ends within the owner's windows, touches no closed day, and leaves the pause before the next
    occupation. A stretch that lies within another copy's is left out. Copies that are taken alike are reckoned once.
    `offered`: the open slots of that span, where they are known already.
    """
    offered = open_slots(availability, span) if offered is None else offered
    with_pause = Slot(span.starts_at, span.ends_at + pause)
    copies = {tuple(_joined(part for each in taken if (part := within(each, with_pause)))) for taken in taken_by_copy}
    between_closed = _gaps(_joined(_closed_slots(availability, with_pause)), with_pause)
    found = {
        slot
        for whole in between_closed
        for gap in _free_within(whole, copies)
        if (slot := _snapped(Slot(gap.starts_at, gap.ends_at - pause), offered)) is not None
    }
    return _longest(found)


def _free_within(whole: Slot, copies: Collection[Sequence[Slot]]) -> Collection[Slot]:
    """When any of the copies is free: all of it, where one is free all the time."""
    found: set[Slot] = set()
    for taken in copies:
        meanwhile = _meeting(taken, whole)
        if not meanwhile:
            return [whole]
        found.update(_gaps(meanwhile, whole))
    return found


def _longest(slots: Iterable[Slot]) -> list[Slot]:
    """Those that lie within no other, in order."""
    kept: list[Slot] = []
    for slot in sorted(slots, key=lambda each: (each.starts_at, -each.ends_at.timestamp())):
        if not kept or slot.ends_at > kept[-1].ends_at:
            kept.append(slot)
    return kept


def next_of_length(free: Sequence[Slot], offered: Sequence[Slot], length: Length, time_zone: str) -> Slot | None:
    """The first time of that length within one of the free stretches that begins and ends when it is offered.

    Both in order. None also after `MOST_TRIED` beginnings without one that fits.
    """
    best: Slot | None = None
    tries = MOST_TRIED
    for stretch in free:
        if best is not None and best.starts_at <= stretch.starts_at:
            break
        for found in islice(_tried(stretch, offered, length, time_zone), tries):
            tries -= 1
            if found is not None:
                best = found if best is None else min(best, found)
                break
    return best


def _tried(stretch: Slot, offered: Sequence[Slot], length: Length, time_zone: str) -> Iterator[Slot | None]:
    """By window of the stretch the first time of that length that begins in it and ends within a window; or None.

    As far as anything of that length can end in the stretch.
    """
    for place in range(bisect_right(offered, stretch.starts_at, key=_ENDS), len(offered)):
        window = within(offered[place], stretch)
        if window is None:
            return
        ends = end_after(window.starts_at, length, time_zone)
        last = bisect_left(offered, ends, lo=place, key=_ENDS)
        if ends > stretch.ends_at or last == len(offered) or offered[last].starts_at >= stretch.ends_at:
            return
        begins = window.starts_at
        if ends <= offered[last].starts_at:  # The end lies within that window, not on its first moment.
            begins = max(begins, begin_before(offered[last].starts_at, length, time_zone) + A_MINUTE)
            ends = end_after(begins, length, time_zone)
        in_time = begins < window.ends_at and offered[last].starts_at < ends <= offered[last].ends_at
        yield Slot(begins, ends) if in_time and ends <= stretch.ends_at else None


def _closed_slots(availability: Availability, span: Slot) -> list[Slot]:
    zone = ZoneInfo(availability.time_zone)
    whole = [
        Slot(_beginning(each.first, zone), _beginning(each.last + timedelta(days=1), zone))
        for each in availability.closed
    ]
    if availability.away_until is not None:
        whole.append(Slot(span.starts_at, availability.away_until))
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


def _meeting(slots: Sequence[Slot], span: Slot) -> Sequence[Slot]:
    """Those of the slots, which are in order and apart, that have a moment in common with the span."""
    first = bisect_right(slots, span.starts_at, key=_ENDS)
    return slots[first : bisect_left(slots, span.ends_at, lo=first, key=_BEGINS)]


def _snapped(gap: Slot, offered: Sequence[Slot]) -> Slot | None:
    """The gap from the first moment in it at which a loan may begin to the last at which one may end."""
    parts = _meeting(offered, gap) if gap.starts_at < gap.ends_at else ()
    if not parts:
        return None
    return Slot(max(parts[0].starts_at, gap.starts_at), min(parts[-1].ends_at, gap.ends_at))
