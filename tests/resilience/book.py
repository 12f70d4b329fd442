"""What clients were told, and by whom: everything that has to be there afterwards, once."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

STAGES = {"proposed": 0, "accepted": 1, "handed_over": 2, "done": 2}
LAST_STAGE = 3
"""A state that is not named above ends an exchange."""


@dataclass
class Book:
    """Written by many threads; each key by one of them."""

    tried: set[str] = field(default_factory=set)
    """The ids that clients made, acknowledged or not."""
    listings: set[str] = field(default_factory=set)
    messages: dict[str, str] = field(default_factory=dict)
    """What was said, by the id of the message; where a conversation began with it, by what was said."""
    transfers: dict[str, int] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    """The last answer of somebody to a need, by (need, person)."""
    thanks: dict[tuple[str, str], str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    """Addresses whose wish to join was taken; a mail is owed to each."""
    joined: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    longest_silence: float = 0
    """The most seconds between two successes, of whomever."""
    _succeeded_at: float | None = None
    _lock: Lock = field(default_factory=Lock)

    def count(self, what: str) -> None:
        """One more of something."""
        with self._lock:
            self.counts[what] += 1

    def count_success(self) -> None:
        """One more write that was acknowledged."""
        now = time.monotonic()
        with self._lock:
            self.counts["acknowledged"] += 1
            self.longest_silence = max(self.longest_silence, now - (self._succeeded_at or now))
            self._succeeded_at = now

    def note_refusal(self, code: str) -> None:
        """A definite no that may be right."""
        with self._lock:
            self.refused[code] += 1

    def surprise(self, what: str) -> None:
        """Something that must not happen."""
        with self._lock:
            self.surprises.append(what)

    @property
    def acknowledged(self) -> int:
        """How many writes were answered with a success."""
        return self.counts["acknowledged"]

    def saw_state(self, exchange_id: str, state: str) -> None:
        """An exchange as it was just answered: it must not stand before what was acknowledged."""
        known = self.states.get(exchange_id)
        if known is not None and gone_back(known, state):
            self.surprise(f"exchange {exchange_id} went back from {known} to {state}")
        self.states[exchange_id] = state


def gone_back(known: str, found: str) -> bool:
    """Whether what is found stands before what was acknowledged, or ended otherwise."""
    before, after = (STAGES.get(state, LAST_STAGE) for state in (known, found))
    return after < before or (before == after and known != found)
