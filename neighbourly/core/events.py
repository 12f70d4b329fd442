"""Events: what happened, told upwards. The table of who reacts is wired once, by the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Reaction = Callable[[Any], None]
_reactions: Mapping[type, Sequence[Reaction]] = {}


def wire(reactions: Mapping[type, Sequence[Reaction]]) -> None:
    """Make this the table of reactions of the process."""
    global _reactions
    _reactions = reactions


def publish(event: object) -> None:
    """Let everyone who cares react, now and in the same transaction; whoever raises undoes it all."""
    for react in _reactions.get(type(event), ()):
        react(event)
