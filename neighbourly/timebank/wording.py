"""The timebank in somebody's language: who was on the other side, and a friendly word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from neighbourly.core.api.pagination import Page
from neighbourly.core.errors import Words
from neighbourly.timebank import selectors
from neighbourly.timebank.pot_selectors import Pot, PotMonth
from neighbourly.timebank.selectors import Balance, EntryView

RECEIVE: Words = {
    "fr": "Vous avez beaucoup donné. Et vous, de quoi auriez-vous besoin\u00a0?",
    "en": "You have given a lot. What could somebody do for you?",
}
POT: Words = {"fr": "Pot commun\u00a0: {}", "en": "Common pot: {}"}
HIDDEN: Words = {"fr": "Quelqu'un du quartier", "en": "Somebody of the neighbourhood"}
FORMER: Words = {"fr": "Un ancien voisin", "en": "A former neighbour"}


@dataclass(frozen=True)
class Nudge:
    """A friendly word."""

    code: str
    text: str


@dataclass(frozen=True)
class BalanceInWords:
    """An account with its friendly word."""

    mode: str
    balance_minutes: int | None
    floor_minutes: int | None
    pending_minutes: int | None
    given: int
    received: int
    nudge: Nudge | None


@dataclass(frozen=True)
class Other:
    """Who was on the other side."""

    id: UUID | None
    name: str
    pot: bool


@dataclass(frozen=True)
class Line:
    """A line of an account."""

    transfer_id: UUID
    kind: str
    minutes: int
    other: Other
    memo: str
    exchange_id: UUID | None
    reversed: bool
    created_at: datetime


@dataclass(frozen=True)
class PotInWords:
    """A pot with its sums and lines."""

    neighbourhood_id: UUID
    balance_minutes: int
    pending_minutes: int
    months: Sequence[PotMonth]
    entries: Page


def balance(of: Balance, language: str) -> BalanceInWords:
    """An account, and a nudge to receive for those who only give."""
    nudge = None if of.nudge is None else Nudge(of.nudge, RECEIVE[language])
    return BalanceInWords(**vars(of), nudge=nudge)


def line(entry: EntryView, language: str) -> Line:
    """A line, with the other side named as far as it still is somebody."""
    if entry.pot is not None:
        other = Other(None, POT[language].format(entry.pot), pot=True)
    elif entry.other_state == selectors.HIDDEN:
        other = Other(None, HIDDEN[language], pot=False)
    elif entry.other_state == "erased":
        other = Other(entry.other_id, FORMER[language], pot=False)
    else:
        other = Other(entry.other_id, entry.other_name or "", pot=False)
    return Line(
        entry.transfer_id,
        entry.kind,
        entry.minutes,
        other,
        entry.memo,
        entry.exchange_id,
        entry.reversed,
        entry.created_at,
    )


def page(of: Page, language: str) -> Page:
    """A page of lines."""
    return Page([line(each, language) for each in of.items], of.next)


def pot(of: Pot, language: str) -> PotInWords:
    """A pot with its sums and lines."""
    return PotInWords(
        of.neighbourhood_id, of.balance_minutes, of.pending_minutes, of.months, page(of.entries, language)
    )
