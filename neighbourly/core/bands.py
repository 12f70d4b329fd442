"""Counts of people told as bands: too coarse, and too slow to change, to watch a single person come and go (LOC-12)."""

from __future__ import annotations

from bisect import bisect_right

BEGINNINGS = (0, 11, 25, 50, 100, 250, 500)
"""Below eleven there is one band: a few, or nobody."""
MOST = BEGINNINGS[-1]
"""Nobody needs to count further than this."""
LEAST_MARGIN, MARGIN = 3, 10
"""A band is left downwards once the count lies a tenth below its beginning, and three at the least."""


def band_of(count: int, held: int | None = None) -> int:
    """The number of the band that holds the count, given the band that was told last (hysteresis)."""
    band = bisect_right(BEGINNINGS, count) - 1
    if held is None or band >= held:
        return band
    beginning = BEGINNINGS[held]
    kept = count >= beginning - max(LEAST_MARGIN, beginning // MARGIN)
    return held if kept else band


def name_of(band: int) -> str:
    """The band in figures: "0–10", "11–24" … "500+"."""
    if band == len(BEGINNINGS) - 1:
        return f"{MOST}+"
    return f"{BEGINNINGS[band]}–{BEGINNINGS[band + 1] - 1}"


def beginning_of(band: int) -> int:
    """The lower end of the band: at least so many."""
    return BEGINNINGS[band]
