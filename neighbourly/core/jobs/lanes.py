"""Which jobs go first, and how many of each kind run at once: slots shared by all are lost to the slowest.

Each queue has slots of its own in every worker, so that what waits for somebody else's server, or has much to do,
holds no place that a wave needs. Where several may run, that goes first which neighbours wait for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Queue = Literal["asking", "pushes", "mail", "understanding", "bulk"]


@dataclass(frozen=True)
class Lane:
    """One queue's place in a worker; the times, in seconds, are those after which someone should have a look."""

    slots: int
    priority: int
    due_for: int
    """So long may work that is due wait for a slot."""
    under_way_for: int
    """So long may one job take."""


LANES: Mapping[Queue, Lane] = {
    # Three of them are timetables, each one at a time: at least one is left for the wave of a need just written.
    "asking": Lane(slots=4, priority=40, due_for=60, under_way_for=100),
    # One run sends for the whole process; another finds it under way and returns at once.
    "pushes": Lane(slots=2, priority=30, due_for=60, under_way_for=100),
    "mail": Lane(slots=2, priority=20, due_for=60, under_way_for=100),
    "understanding": Lane(slots=2, priority=10, due_for=300, under_way_for=300),
    "bulk": Lane(slots=2, priority=0, due_for=1800, under_way_for=6 * 3600),
}
SLOTS = sum(lane.slots for lane in LANES.values())


def lane_of(queue: str | None) -> Lane:
    """The lane of a queue; an unknown one is another version's, and as urgent as any."""
    return LANES.get(queue, LANES["asking"])  # type: ignore[call-overload,no-any-return]  # any text
