"""Lengths as people say them, of ways and of time: to the hundred metres, to the minute."""

from __future__ import annotations

NBSP = "\u00a0"


def length(metres: int, language: str) -> str:
    """`300 m`, `1,2 km` (`1.2 km` in English), rounded to the hundred metres; a no-break space before the unit."""
    hundreds = (metres + 50) // 100
    if hundreds < 10:
        return f"{hundreds * 100}{NBSP}m"
    kilometres = f"{hundreds / 10:.1f}".removesuffix(".0")
    return f"{kilometres.replace('.', ',') if language == 'fr' else kilometres}{NBSP}km"


def duration(minutes: int) -> str:
    """`45 min`, `2 h`, `1 h 30 min`, the same in French and English; no-break spaces."""
    hours, rest = divmod(minutes, 60)
    parts = [*([f"{hours}{NBSP}h"] if hours else []), *([f"{rest}{NBSP}min"] if rest or not hours else [])]
    return NBSP.join(parts)
