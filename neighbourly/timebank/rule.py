"""What the timebank decides, on plain values: whether an account may go so low, what the pot covers, when to nudge."""

from __future__ import annotations

from dataclasses import dataclass

ONLY_GIVES_FROM = 3


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


@dataclass(frozen=True)
class Cover:
    """What the pot adds to a help, and whether the account falls below its floor all the same."""

    minutes: int
    below_floor: bool


def cover(standing: Standing, minutes: int, pot_available: int) -> Cover:
    """The pot covers a shortfall as far as it can; the rest is a warning, never a refusal."""
    shortfall = max(0, minutes - max(0, standing.available))
    covered = min(shortfall, max(0, pot_available))
    return Cover(covered, below_floor=covered < shortfall)


def cover_left(agreed: int, covered: int, done: int) -> int:
    """What the pot adds to a help that took other than agreed: the receiver's own part comes first, as it was held."""
    return min(covered, max(0, done - (agreed - covered)))


def should_receive(given: int, received: int) -> bool:
    """Whether somebody only gives: time to ask for something."""
    return given >= ONLY_GIVES_FROM and received == 0
