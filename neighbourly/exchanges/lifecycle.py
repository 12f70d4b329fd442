"""The state table of exchanges: which action leads from which state to which, and whose it is; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Side = Literal["giver", "receiver"]
Whose = Literal["awaited", "proposer", "both", "giver", "receiver", "untapped"]
LOAN, GIFT, HELP = "loan", "gift", "help"
THINGS = frozenset({LOAN, GIFT})
ANY = frozenset({LOAN, GIFT, HELP})
LOANS, HELPS = frozenset({LOAN}), frozenset({HELP})


class Action(StrEnum):
    """What one of the two sides can do."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    COUNTER = "counter"
    CANCEL = "cancel"
    HAND_OVER = "hand_over"
    RETURN = "return"
    DONE = "done"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    OBJECT = "object"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Move:
    """Where an action leads, in which kinds, and whose it is."""

    to: str
    kinds: frozenset[str]
    whose: Whose


MOVES: Mapping[tuple[str, Action], Move] = {
    ("proposed", Action.ACCEPT): Move("accepted", ANY, "awaited"),
    ("proposed", Action.DECLINE): Move("declined", ANY, "awaited"),
    ("proposed", Action.COUNTER): Move("proposed", ANY, "awaited"),
    ("proposed", Action.WITHDRAW): Move("withdrawn", ANY, "proposer"),
    ("expired", Action.ACCEPT): Move("accepted", ANY, "awaited"),
    ("accepted", Action.CANCEL): Move("cancelled", ANY, "both"),
    ("accepted", Action.HAND_OVER): Move("handed_over", THINGS, "both"),
    ("accepted", Action.DONE): Move("done", HELPS, "both"),
    ("cancelled", Action.HAND_OVER): Move("handed_over", THINGS, "both"),
    ("cancelled", Action.RETURN): Move("returned", LOANS, "both"),
    ("cancelled", Action.DONE): Move("done", HELPS, "both"),
    ("handed_over", Action.RETURN): Move("returned", LOANS, "both"),
    ("handed_over", Action.EXTEND): Move("handed_over", LOANS, "both"),
    ("handed_over", Action.GRANT): Move("handed_over", LOANS, "awaited"),
    ("handed_over", Action.REFUSE): Move("handed_over", LOANS, "awaited"),
    ("handed_over", Action.OBJECT): Move("disputed", THINGS, "untapped"),
    ("handed_over", Action.DISPUTE): Move("disputed", THINGS, "both"),
    ("returned", Action.OBJECT): Move("disputed", LOANS, "untapped"),
    ("returned", Action.DISPUTE): Move("disputed", LOANS, "both"),
    ("done", Action.CONFIRM): Move("confirmed", HELPS, "receiver"),
    ("done", Action.DISPUTE): Move("disputed", HELPS, "both"),
    ("disputed", Action.RETURN): Move("returned", THINGS, "both"),
    ("disputed", Action.CONFIRM): Move("confirmed", HELPS, "both"),
    ("disputed", Action.CANCEL): Move("cancelled", ANY, "both"),
}
"""(state, action) → where it leads. What is absent is refused.

From `expired` and `cancelled` only what `Facts` allow: late, or that it did happen. In a dispute the first of the two
proposes how it ends, and the same by the other ends it.
"""

BY_TIME: Sequence[tuple[str, str, frozenset[str]]] = (
    ("proposed", "expired", ANY),
    ("accepted", "cancelled", ANY),
    ("handed_over", "disputed", LOANS),
    ("done", "confirmed", HELPS),
    ("done", "cancelled", HELPS),
)
"""Where time alone leads, in which kinds: nobody answered, nobody said a word, nobody brought it back, nobody confirmed
(where the minutes were never seen silence confirms nothing, CON-10)."""
SETTLEMENTS: Mapping[str, frozenset[str]] = {"returned": THINGS, "confirmed": HELPS, "cancelled": ANY}
"""How a dispute may end, in which kinds: by both, or by a moderator."""
OVER = frozenset({"declined", "withdrawn", "expired", "cancelled", "returned", "confirmed"})
"""Where nothing more is due; a gift is over once it is handed over."""
ABSENT: Mapping[Side, str] = {"giver": "giver_absent", "receiver": "receiver_absent"}
"""The reason of a cancellation by which the other side said that this one did not come."""
WHEN_PARTED = frozenset({Action.RETURN, Action.DISPUTE})
"""All that remains where one blocked the other."""


@dataclass(frozen=True)
class Facts:
    """An exchange as far as the table looks at it."""

    kind: str
    state: str
    awaiting: str | None = None
    tapped_by: str | None = None
    may_object: bool = False
    """Whether 24 h have not passed since the other side's tap."""
    may_be_late: bool = False
    """Of an expired one: whether its time is still to come."""
    may_be_declared: bool = False
    """Of one that was cancelled without a word: whether less than 30 days ago."""
    recent: bool = True
    """Whether it ended less than 30 days ago, if at all."""
    extension_asked: bool = False
    requires_code: bool = False
    parted: bool = False


def move_of(facts: Facts, action: Action, side: Side) -> Move | None:
    """The move, if this side may make it now."""
    move = MOVES.get((facts.state, action))
    if move is None or facts.kind not in move.kinds or not _is_whose(move.whose, facts, side):
        return None
    if facts.parted and action not in WHEN_PARTED:
        return None
    return move if _holds(facts, action, side) else None


def allowed_actions(facts: Facts, side: Side) -> list[Action]:
    """What this side may do now."""
    return [action for action in Action if move_of(facts, action, side) is not None]


def _is_whose(whose: Whose, facts: Facts, side: Side) -> bool:
    match whose:
        case "both":
            return True
        case "awaited":
            return facts.awaiting == side
        case "proposer":
            return facts.awaiting is not None and facts.awaiting != side
        case "untapped":
            return facts.tapped_by is not None and facts.tapped_by != side
    return whose == side


def _holds(facts: Facts, action: Action, side: Side) -> bool:
    """Whether what the action needs besides its state and side is so."""
    if facts.state == "expired":
        return facts.may_be_late
    if facts.state == "cancelled":
        return facts.may_be_declared
    match action:
        case Action.OBJECT:
            return facts.may_object
        case Action.GRANT | Action.REFUSE:
            return facts.extension_asked
        case Action.EXTEND:
            return not facts.extension_asked
        case Action.DISPUTE:
            return facts.recent
        case Action.HAND_OVER if facts.requires_code:
            return side == "receiver"
        case Action.RETURN if facts.requires_code and facts.state == "handed_over":
            return side == "giver"
    return True


def is_over(kind: str, state: str) -> bool:
    """Whether nothing more is due of it."""
    return state in OVER or (kind == GIFT and state == "handed_over")


def other(side: Side) -> Side:
    """The one opposite."""
    return "receiver" if side == "giver" else "giver"
