"""Lengths as people say them: to the hundred metres, in kilometres from one on."""

from __future__ import annotations

NBSP = "\u00a0"


def length(metres: int, language: str) -> str:
    """`300 m`, `1,2 km` (`1.2 km` in English), rounded to the hundred metres; a no-break space before the unit."""
    hundreds = (metres + 50) // 100
    if hundreds < 10:
        return f"{hundreds * 100}{NBSP}m"
    kilometres = f"{hundreds / 10:.1f}".removesuffix(".0")
    return f"{kilometres.replace('.', ',') if language == 'fr' else kilometres}{NBSP}km"
