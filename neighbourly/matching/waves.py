"""The wave planner: whom to ask now, when to look again, and how the asking stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from neighbourly.matching.rule import FIRST_WAVE, GROWTH, LEAST_YESES, PAUSE, SPARE_YESES

State = Literal["waiting", "asking", "enough", "exhausted", "stopped"]


@dataclass(frozen=True)
class Standing:
    """How far the asking for one need has come. Times are aware, in UTC."""

    waves: int
    last_wave_at: datetime | None
    yeses: int
    helpers_needed: int
    needed_until: datetime | None


@dataclass(frozen=True)
class Reachable:
    """Someone who may still be asked, and until when they are in quiet hours (None: they are not)."""

    user_id: UUID
    quiet_until: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """What to do now; `next_wave_at` is None where nothing more is planned."""

    state: State
    ask: tuple[UUID, ...] = ()
    next_wave_at: datetime | None = None


def wanted_yeses(helpers_needed: int) -> int:
    """Give how many yeses are enough: three, or two more than the helpers that are needed."""
    return max(LEAST_YESES, helpers_needed + SPARE_YESES)


def wave_size(number: int) -> int:
    """Give how many are asked in the wave of that number, from 1: 5, 10, 20 …"""
    return int(FIRST_WAVE * GROWTH ** (number - 1))


def earliest(standing: Standing, now: datetime) -> datetime:
    """Give the first moment from now on at which a wave may go: ten minutes after the last one."""
    return now if standing.last_wave_at is None else max(now, standing.last_wave_at + PAUSE)


def plan(standing: Standing, reachable: Sequence[Reachable], now: datetime) -> Decision:
    """Decide the next step of an asking; `reachable` are those not asked yet, in the order in which to ask them.

    Those in quiet hours are left for a later wave. After the last wave there is one more pause, so that nobody
    is told that all were asked before they had the time to answer.
    """
    if standing.needed_until is not None and standing.needed_until <= now:
        return Decision("stopped")
    if standing.yeses >= wanted_yeses(standing.helpers_needed):
        return Decision("enough")
    under_way: State = "asking" if standing.waves else "waiting"
    if earliest(standing, now) > now:
        return Decision(under_way, next_wave_at=earliest(standing, now))
    wakes = [each.quiet_until for each in reachable if each.quiet_until is not None]
    awake = [each.user_id for each in reachable if each.quiet_until is None]
    if awake:
        return Decision("asking", tuple(awake[: wave_size(standing.waves + 1)]), now + PAUSE)
    in_time = [moment for moment in wakes if standing.needed_until is None or moment < standing.needed_until]
    return Decision(under_way, next_wave_at=min(in_time)) if in_time else Decision("exhausted")
