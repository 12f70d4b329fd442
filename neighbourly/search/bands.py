"""Figures as bands: enough to feel the life of a place, too coarse to watch a single person come and go."""

from __future__ import annotations

from bisect import bisect_right

BEGINNINGS = (0, 5, 10, 25, 50, 100, 250, 500)
MOST = BEGINNINGS[-1]
"""Nobody needs to count further than this."""


def band(count: int) -> str:
    """The band that holds the count: "0–4", "5–9", "10–24" … "500+"."""
    position = bisect_right(BEGINNINGS, count)
    if position == len(BEGINNINGS):
        return f"{MOST}+"
    return f"{BEGINNINGS[position - 1]}–{BEGINNINGS[position] - 1}"
