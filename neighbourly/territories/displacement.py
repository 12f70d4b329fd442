"""Which outlines lie where nobody expects them: a file with latitude and longitude exchanged looks like that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from neighbourly.core.cells import Cell, metres_between
from neighbourly.core.errors import Words
from neighbourly.territories.geojson import Outline

FAR_M = 300_000
"""What moves or lands further away than this is doubted."""


def find_displaced(places: Mapping[str, Cell], known: Mapping[str, Cell]) -> dict[str, int]:
    """Give, by code, the metres by which an outline is displaced where that is more than `FAR_M`.

    `places` are a cell of each outline of a file, `known` one of each territory there is. One that is known is
    displaced by how far it moves; a new one by its distance from the nearest that is known, or where none is, from the
    nearest other one of the file. A lone one has nothing to be far from.
    """
    many = Counter(known.values() if known else places.values())
    distances = {
        code: metres_between(cell, known[code]) if code in known else _metres_to_others(cell, many, counts=not known)
        for code, cell in places.items()
    }
    return {code: metres for code, metres in distances.items() if metres is not None and metres > FAR_M}


def _metres_to_others(cell: Cell, many: Mapping[Cell, int], *, counts: bool) -> int | None:
    """To the nearest of them, or to any that is near enough, so that a whole country takes no square of its number.

    `counts`: the cell is one of them itself.
    """
    nearest = None
    for other, times in many.items():
        if counts and other == cell and times == 1:
            continue
        metres = metres_between(cell, other)
        if metres <= FAR_M:
            return metres
        nearest = metres if nearest is None else min(nearest, metres)
    return nearest


def describe_displacement(outline: Outline, km: int) -> Words:
    """Say which outline is displaced, by how many kilometres, and what to look at."""
    return {
        "fr": f"{outline.name} (code {outline.code}) se retrouverait à {km} km de là où il est attendu\u00a0:"
        " la latitude et la longitude sont-elles échangées\u00a0? Si c'est voulu, importez avec --far.",
        "en": f"{outline.name} (code {outline.code}) would lie {km} km from where it is expected: are latitude and"
        " longitude exchanged? If it is meant, import with --far.",
    }
