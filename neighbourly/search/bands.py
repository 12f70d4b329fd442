"""Figures of a neighbourhood as bands."""

from __future__ import annotations

from neighbourly.core.bands import band_of, name_of


def band(count: int) -> str:
    """The band that holds the count: "0–10", "11–24", "25–49" … "500+"."""
    return name_of(band_of(count))
