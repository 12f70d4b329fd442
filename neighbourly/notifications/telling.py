"""How one type of notification is told: its words, and how, how long and how urgently it is pushed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Priority = Literal["high", "normal"]
ASKS, REPLIES, LISTINGS, EXCHANGES = "asks", "replies", "listings", "exchanges"
"""Channels: what a person mutes, or gives a sound of its own, on an Android phone."""


@dataclass(frozen=True)
class Wording:
    """A title and a body; `{name}`, `{title}`, `{near}`, `{help}`, `{time}`, `{price}` and `{when}` are filled in.

    None says when by the day on which it was written: it may be read at any later one.
    """

    title: str
    body: str

    @property
    def names_someone(self) -> bool:
        """Whether it cannot be said without a person's name."""
        return "{name}" in self.title + self.body

    @property
    def names_something(self) -> bool:
        """Whether it cannot be said without a listing's title."""
        return "{title}" in self.title + self.body

    @property
    def names_a_time(self) -> bool:
        """Whether it cannot be said without a moment."""
        return "{when}" in self.title + self.body


@dataclass(frozen=True)
class Telling:
    """How one type is told."""

    wording: Mapping[str, Wording]
    """By language."""
    neutral: Mapping[str, Wording]
    """What is said once the listing, or the person, is nothing that the receiver may see."""
    channel: str
    ttl: timedelta
    """How long a push is worth delivering; afterwards the inbox alone holds it."""
    priority: Priority
    still_while: frozenset[str | None]
    """The states of the listing, or of the exchange, in which it is still so; else a waiting push is dropped.

    None: it is about neither.
    """
    urgent: bool = False
    """Whether quiet hours may be broken for it, if the receiver allows that."""
    had_a_part: bool = False
    """Whether the receiver had a part in it: then it is told, and named, although nobody sees it any more."""
