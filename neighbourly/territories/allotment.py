"""Whose cell is whose: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from neighbourly.core.cells import Cell


@dataclass(frozen=True)
class Allotment:
    """The outcome of some territories' claims; territories are named by their codes."""

    holders: Mapping[Cell, str]
    """Whose each cell is from now on."""
    moved: frozenset[Cell]
    """The cells that were somebody else's before, or nobody's, or are nobody's now."""
    refused: Mapping[str, Mapping[str, int]]
    """Who asked for how many cells that another holds: claimant → holder → cells."""


def allot(claims: Mapping[str, frozenset[Cell]], held: Mapping[Cell, str]) -> Allotment:
    """A cell stays with whom it is held by; a free one goes to the first who claims it.

    Whoever claims anew gives up what the new claim leaves out, before anyone is given anything:
    so the same claims give the same outcome, and claiming twice changes nothing.
    """
    holders = {cell: holder for cell, holder in held.items() if holder not in claims or cell in claims[holder]}
    refused: dict[str, Counter[str]] = {}
    for claimant, claimed in claims.items():
        for cell in claimed:
            holder = holders.setdefault(cell, claimant)
            if holder != claimant:
                refused.setdefault(claimant, Counter())[holder] += 1
    moved = frozenset(cell for cell in held.keys() | holders.keys() if held.get(cell) != holders.get(cell))
    return Allotment(holders, moved, refused)
