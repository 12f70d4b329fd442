"""What the timebank decides, on plain values: how low an account may go, what the pot covers, when to nudge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

ONLY_GIVES_FROM = 3
NEWCOMER_FLOOR_MINUTES = -120
"""How low a newcomer's account may go: enough for a first help, too little to make minutes of many accounts."""
COVER_MINUTES, COVER_PERIOD = 120, timedelta(days=30)
"""What the pot adds to one person's helps at most, in this time."""
PAIR_COVER_MINUTES, PAIR_COVER_PERIOD = 120, timedelta(days=90)
"""What it adds at most to helps between the same two, in this time."""
PARTNERS_FOR_COVER = 2
"""With how many different people somebody has dealt before the pot covers helps for them."""


@dataclass(frozen=True)
class Standing:
    """An account's minutes: what it holds, what accepted helps will take, how low it may go."""

    balance: int
    pending: int
    floor: int

    @property
    def available(self) -> int:
        """What it may give away now, pending ones counted."""
        return self.balance - self.pending - self.floor


def may_give(standing: Standing, minutes: int) -> bool:
    """Whether a voluntary transfer keeps the account at its floor or above."""
    return standing.available >= minutes


def floor_of(neighbourhood_floor: int | None, default: int, *, is_settled: bool, is_newcomer: bool) -> int:
    """How low an account may go: the neighbourhood's floor for who has lived there for a month.

    Until then it is the shallower of the installation's default and the neighbourhood's: a home that is said since
    yesterday lends no deep floor. A newcomer's lies higher.
    """
    if is_settled and neighbourhood_floor is not None:
        return neighbourhood_floor
    shallower = default if neighbourhood_floor is None else max(default, neighbourhood_floor)
    return max(shallower, NEWCOMER_FLOOR_MINUTES) if is_newcomer else shallower


def shortfall(standing: Standing, minutes: int) -> int:
    """What a help lacks to stay at the floor or above; an old debt below it is not the help's."""
    return max(0, minutes - max(0, standing.available))


@dataclass(frozen=True)
class Allowance:
    """What the pot may still add to a help: what it holds, and what it added for this person and this pair lately."""

    pot_available: int
    covered_for_person: int
    covered_for_pair: int

    @property
    def minutes(self) -> int:
        """The least of what is left of the three."""
        left = COVER_MINUTES - self.covered_for_person, PAIR_COVER_MINUTES - self.covered_for_pair
        return max(0, min(self.pot_available, *left))


def cover_left(agreed: int, covered: int, done: int) -> int:
    """What the pot adds to a help that took other than agreed: the receiver's own part comes first, as it was held."""
    return min(covered, max(0, done - (agreed - covered)))


def should_receive(given: int, received: int) -> bool:
    """Whether somebody only gives: time to ask for something."""
    return given >= ONLY_GIVES_FROM and received == 0
