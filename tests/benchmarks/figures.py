"""What is measured, held against what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import ge, le
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One line of the table: a measured value and its bar; `notes` say how it came about."""

    name: str
    value: float
    bar: float
    better: Literal["more", "less"]
    unit: str = ""
    notes: Sequence[str] = field(default=())

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return (ge if self.better == "more" else le)(self.value, self.bar)


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, each with its notes beneath it."""
    width = max(len(figure.name) for figure in figures)
    lines = [f"{'figure':{width}}  {'bar':>14}  {'measured':>14}"]
    for figure in figures:
        sign = "≥" if figure.better == "more" else "≤"
        bar, value = (f"{number:.4g}{figure.unit}" for number in (figure.bar, figure.value))
        lines.append(f"{figure.name:{width}}  {f'{sign} {bar}':>14}  {value:>14}  {'met' if figure.met else 'MISSED'}")
        lines += [f"    {note}" for note in figure.notes]
    return "\n".join(lines)
