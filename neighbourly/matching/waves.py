"""The wave planner: whom to ask now, when to look again, and how the asking stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal
from uuid import UUID

from neighbourly.matching.rule import (
    ENOUGH_ASKED,
    ENOUGH_LIKELY,
    FIRST_WAVE,
    GROWTH,
    LEAST_PAUSE,
    LEAST_WAVE,
    LEAST_YESES,
    MOST_PAUSE,
    MOST_WAVE,
    PAUSE,
    SPARE_YESES,
    URGENT,
)

State = Literal["waiting", "asking", "enough", "exhausted", "stopped"]


@dataclass(frozen=True)
class Habits:
    """How neighbours answered of late: of so many asked so many said yes, an answer taking so long at the median."""

    asked: int = 0
    yeses: int = 0
    median_minutes: int | None = None

    @property
    def yes_share(self) -> float | None:
        """What share of those asked says yes; None where too few were asked to know."""
        return None if self.asked < ENOUGH_ASKED else max(self.yeses, 1) / self.asked


@dataclass(frozen=True)
class Standing:
    """How far the asking for one need has come. Times are aware, in UTC."""

    waves: int
    last_wave_at: datetime | None
    yeses: int
    helpers_needed: int
    needed_until: datetime | None
    needed_from: datetime | None = None
    habits: Habits = Habits()
    agreed: int = 0
    """With how many helpers it is agreed, or was done, by now."""


@dataclass(frozen=True)
class Reachable:
    """Someone who may still be asked, and until when they are in quiet hours (None: they are not)."""

    user_id: UUID
    quiet_until: datetime | None = None
    likely: bool = True
    """Whether there is good reason to think that they can help."""
    first: bool = False
    """Whether the need is for them before it is for others."""


@dataclass(frozen=True)
class Decision:
    """What to do now; `next_wave_at` is None where nothing more is planned."""

    state: State
    ask: tuple[UUID, ...] = ()
    next_wave_at: datetime | None = None


def wanted_yeses(helpers_needed: int) -> int:
    """Give how many yeses are enough: three, or two more than the helpers that are needed."""
    return max(LEAST_YESES, helpers_needed + SPARE_YESES)


def is_urgent(standing: Standing, now: datetime) -> bool:
    """Say whether it is needed very soon."""
    return standing.needed_from is not None and standing.needed_from - now <= URGENT


def wave_size(standing: Standing, now: datetime) -> int:
    """Give how many are asked in the next wave: 5, 10, 20 …, or as many first as it takes for the yeses wanted."""
    missing = wanted_yeses(standing.helpers_needed) - standing.yeses
    share = standing.habits.yes_share
    first = FIRST_WAVE if share is None else max(LEAST_WAVE, min(MOST_WAVE, ceil(missing / share)))
    return int(first * GROWTH ** (standing.waves + is_urgent(standing, now)))


def pause(standing: Standing, now: datetime) -> timedelta:
    """Give how long those asked have before the next are: ten minutes, or as long as answers usually take."""
    usual, share = standing.habits.median_minutes, standing.habits.yes_share
    known = PAUSE if usual is None or share is None else timedelta(minutes=usual)
    pause = max(LEAST_PAUSE, min(MOST_PAUSE, known))
    return pause / 2 if is_urgent(standing, now) else pause


def earliest(standing: Standing, now: datetime) -> datetime:
    """Give the first moment from now on at which a wave may go: a pause after the last one."""
    return now if standing.last_wave_at is None else max(now, standing.last_wave_at + pause(standing, now))


def plan(standing: Standing, reachable: Sequence[Reachable], now: datetime) -> Decision:
    """Decide the next step of an asking; `reachable` are those not asked yet, in the order in which to ask them.

    Those in quiet hours are left for a later wave. After the last wave there is one more pause, so that nobody
    is told that all were asked before they had the time to answer.
    """
    if standing.needed_until is not None and standing.needed_until <= now:
        return Decision("stopped")
    if standing.agreed >= standing.helpers_needed or standing.yeses >= wanted_yeses(standing.helpers_needed):
        return Decision("enough")
    under_way: State = "asking" if standing.waves else "waiting"
    if earliest(standing, now) > now:
        return Decision(under_way, next_wave_at=earliest(standing, now))
    circle = [each for each in reachable if each.first] or reachable
    awake = [each for each in circle if each.quiet_until is None]
    if awake:
        wave = _likeliest(awake)[: wave_size(standing, now)]
        return Decision("asking", tuple(each.user_id for each in wave), now + pause(standing, now))
    wakes = [each.quiet_until for each in circle if each.quiet_until is not None]
    in_time = [moment for moment in wakes if standing.needed_until is None or moment < standing.needed_until]
    return Decision(under_way, next_wave_at=min(in_time)) if in_time else Decision("exhausted")


def _likeliest(awake: Sequence[Reachable]) -> Sequence[Reachable]:
    """The likely ones alone where they are enough for a wave."""
    likely = [each for each in awake if each.likely]
    return likely if len(likely) >= ENOUGH_LIKELY else awake
