"""What one person may ask of the others: asks a week, needs at once, how far; pure.

The right to be asked is shared: each neighbour is asked once a day and a few times a week, so what goes out for one
person is taken from what the others could ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from neighbourly.matching.rule import (
    AROUND_SHARE,
    ASKS_A_DAY,
    ASKS_PER_PARTNER,
    ASKS_PER_WEEK,
    DAY,
    FIRST_ASKS,
    FIRST_NEEDS,
    HEAVY_ASKS,
    HEAVY_NEEDS,
    HEAVY_NEEDS_ASKS,
    MOST_ASKS_PER_WEEK,
    MOST_PARTNERS,
    NEAR_M,
    NEEDS_AT_ONCE,
    RADIUS_GROWTH,
    SINGLE_NEED_ASKS,
)

Hold = Literal["other_needs", "week"]
MOST_COUNTED_AROUND = MOST_ASKS_PER_WEEK * AROUND_SHARE
"""More people around than this change nothing."""
_MOST_DOUBLINGS = 10
WIDEST_M = 50_000
"""No request is asked around farther than this."""


@dataclass(frozen=True)
class AskerUsage:
    """What one person has asked of others within seven days, as one of their needs is to be asked around."""

    asks: int
    """Asks that went out for them, whichever of their needs it was for."""
    other_needs: int
    """Other needs of theirs for which somebody was asked."""
    under_way: int
    """Other needs of theirs that are being asked around at the moment."""
    partners: int
    """Different people with whom an exchange of theirs took place within a year."""
    around: int
    """People who live within the radius of the need, counted up to `MOST_COUNTED_AROUND`."""
    circle_m: int | None
    """The radius that holds fifty neighbours around them; None where it is the widest or fewer live within."""
    last_wave_at: datetime | None = None
    """When the last wave of this need went out."""
    last_ask_at: datetime | None = None
    """When somebody was asked for them the last time, within that week."""


def weekly_quota(usage: AskerUsage) -> int:
    """Give how many asks may go out for this person within seven days."""
    share = max(ASKS_PER_WEEK, min(MOST_ASKS_PER_WEEK, usage.around // AROUND_SHARE))
    quota = share + ASKS_PER_PARTNER * min(MOST_PARTNERS, usage.partners)
    return quota if usage.other_needs else max(quota, SINGLE_NEED_ASKS)


def remaining_asks(usage: AskerUsage, waves: int, now: datetime) -> int:
    """Give how many people may be asked now for a need of which so many waves went out."""
    remaining = max(0, weekly_quota(usage) - usage.asks)
    if waves == 0 and usage.other_needs < FIRST_NEEDS:
        return max(FIRST_ASKS, remaining)
    is_new_day = usage.last_ask_at is None or usage.last_ask_at <= now - DAY
    return max(ASKS_A_DAY, remaining) if is_new_day else remaining


def find_hold(usage: AskerUsage, waves: int, now: datetime) -> Hold | None:
    """Give what holds a need back: as many others are asked around, or no ask is left; None where nothing does."""
    if usage.under_way >= NEEDS_AT_ONCE:
        return "other_needs"
    return None if remaining_asks(usage, waves, now) else "week"


def asks_much(usage: AskerUsage) -> bool:
    """Say whether others, who ask little, have their turn before this person."""
    has_several_needs = usage.other_needs + 1 >= HEAVY_NEEDS and usage.asks >= HEAVY_NEEDS_ASKS
    return usage.asks >= HEAVY_ASKS or has_several_needs


def max_radius_m(usage: AskerUsage) -> int:
    """Give how far a need of this person is asked around at most: near by first, farther with what took place.

    Where few live there is no bound but the need's own radius: in the countryside the next village is far.
    """
    if usage.circle_m is None:
        return WIDEST_M
    near = max(NEAR_M, usage.circle_m)
    return min(WIDEST_M, int(near * RADIUS_GROWTH ** min(_MOST_DOUBLINGS, usage.partners)))
