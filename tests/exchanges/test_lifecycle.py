"""The state table of exchanges, cell by cell: what is not in the list below is refused (SEC-23)."""

from __future__ import annotations

from itertools import product

import pytest

from neighbourly.exchanges.lifecycle import Action, Facts, Side, allowed_actions, is_over, move_of, other
from neighbourly.exchanges.models import STATES

KINDS = ("loan", "gift", "help")
SIDES: tuple[Side, ...] = ("giver", "receiver")
GENEROUS = {
    "awaiting": "giver",
    "tapped_by": "receiver",
    "may_object": True,
    "may_be_late": True,
    "may_be_declared": True,
    "extension_asked": True,
}
"""Everything besides state and side is as it has to be; the giver is awaited, the receiver tapped."""
EXPECTED = {
    ("loan", "proposed"): {"accept": "accepted", "decline": "declined", "counter": "proposed"},
    ("gift", "proposed"): {"accept": "accepted", "decline": "declined", "counter": "proposed"},
    ("help", "proposed"): {"accept": "accepted", "decline": "declined", "counter": "proposed"},
    ("loan", "expired"): {"accept": "accepted"},
    ("gift", "expired"): {"accept": "accepted"},
    ("help", "expired"): {"accept": "accepted"},
    ("loan", "accepted"): {"cancel": "cancelled", "hand_over": "handed_over"},
    ("gift", "accepted"): {"cancel": "cancelled", "hand_over": "handed_over"},
    ("help", "accepted"): {"cancel": "cancelled", "done": "done"},
    ("loan", "cancelled"): {"hand_over": "handed_over", "return": "returned"},
    ("gift", "cancelled"): {"hand_over": "handed_over"},
    ("help", "cancelled"): {"done": "done"},
    ("loan", "handed_over"): {
        "return": "returned",
        "dispute": "disputed",
        "object": "disputed",
        "grant": "handed_over",
        "refuse": "handed_over",
    },
    ("gift", "handed_over"): {"dispute": "disputed", "object": "disputed"},
    ("loan", "returned"): {"dispute": "disputed", "object": "disputed"},
    ("help", "done"): {"dispute": "disputed"},
    ("loan", "disputed"): {"return": "returned", "cancel": "cancelled"},
    ("gift", "disputed"): {"return": "returned", "cancel": "cancelled"},
    ("help", "disputed"): {"confirm": "confirmed", "cancel": "cancelled"},
}
"""What the giver may do, by kind and state."""
NOT_THE_RECEIVERS = {"accept", "decline", "counter", "grant", "refuse", "object"}
"""Where the giver is awaited, and the receiver tapped, these are the giver's alone."""
THE_RECEIVERS = {("loan", "proposed"), ("gift", "proposed"), ("help", "proposed")}


def expected(kind: str, state: str, side: Side) -> dict[str, str]:
    """What the table above says, turned round for the receiver."""
    moves = EXPECTED.get((kind, state), {})
    if side == "giver":
        return moves
    mine = {action: to for action, to in moves.items() if action not in NOT_THE_RECEIVERS}
    if state == "proposed":
        mine["withdraw"] = "withdrawn"
    if state == "done" and kind == "help":
        mine["confirm"] = "confirmed"
    return mine


@pytest.mark.parametrize(("kind", "state", "side"), list(product(KINDS, STATES, SIDES)))
def test_each_cell_of_the_table(kind, state, side):
    facts = Facts(kind=kind, state=state, **GENEROUS)
    found = {str(action): move.to for action in Action if (move := move_of(facts, action, side))}
    assert found == expected(kind, state, side)


@pytest.mark.parametrize(
    ("facts", "side", "action", "may"),
    [
        (Facts("loan", "expired", awaiting="giver"), "giver", "accept", False),
        (Facts("loan", "expired", awaiting="giver", may_be_late=True), "receiver", "accept", False),
        (Facts("loan", "cancelled"), "giver", "hand_over", False),
        (Facts("loan", "handed_over", tapped_by="giver", may_object=True), "receiver", "object", True),
        (Facts("loan", "handed_over", tapped_by="giver", may_object=True), "giver", "object", False),
        (Facts("loan", "handed_over", tapped_by="giver"), "receiver", "object", False),
        (Facts("loan", "handed_over", may_object=True), "receiver", "object", False),
        (Facts("loan", "handed_over", awaiting="giver", extension_asked=True), "receiver", "extend", False),
        (Facts("loan", "handed_over"), "receiver", "extend", True),
        (Facts("loan", "handed_over", awaiting="giver"), "giver", "grant", False),
        (Facts("loan", "returned", recent=False), "receiver", "dispute", False),
        (Facts("loan", "accepted", requires_code=True), "giver", "hand_over", False),
        (Facts("loan", "accepted", requires_code=True), "receiver", "hand_over", True),
        (Facts("loan", "handed_over", requires_code=True), "receiver", "return", False),
        (Facts("loan", "handed_over", requires_code=True), "giver", "return", True),
        (Facts("loan", "disputed", requires_code=True), "receiver", "return", True),
        (Facts("help", "done"), "giver", "confirm", False),
    ],
)
def test_what_an_action_needs_besides_its_state(facts, side, action, may):
    assert (action in allowed_actions(facts, side)) == may


@pytest.mark.parametrize(("kind", "state", "side"), list(product(KINDS, STATES, SIDES)))
def test_where_one_blocked_the_other_only_return_and_dispute_remain(kind, state, side):
    facts = Facts(kind=kind, state=state, parted=True, **GENEROUS)
    remaining = {str(each) for each in allowed_actions(facts, side)}
    assert remaining == expected(kind, state, side).keys() & {"return", "dispute"}


@pytest.mark.parametrize(
    ("kind", "state", "over"),
    [
        *((kind, state, True) for kind in KINDS for state in ("declined", "withdrawn", "expired", "cancelled")),
        *((kind, state, False) for kind in KINDS for state in ("proposed", "accepted", "done", "disputed")),
        ("loan", "handed_over", False),
        ("gift", "handed_over", True),
        ("loan", "returned", True),
        ("help", "confirmed", True),
    ],
)
def test_where_nothing_more_is_due(kind, state, over):
    assert is_over(kind, state) is over


def test_the_one_opposite():
    assert [other(side) for side in SIDES] == ["receiver", "giver"]
