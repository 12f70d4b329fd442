"""Which outlines lie where nobody expects them: a file with latitude and longitude exchanged looks like that."""

from __future__ import annotations

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
    distances = {code: _displacement(code, places, known) for code in places}
    return {code: metres for code, metres in distances.items() if metres is not None and metres > FAR_M}


def _displacement(code: str, places: Mapping[str, Cell], known: Mapping[str, Cell]) -> int | None:
    if code in known:
        return metres_between(places[code], known[code])
    others = known or {other: cell for other, cell in places.items() if other != code}
    return min((metres_between(places[code], cell) for cell in set(others.values())), default=None)


def describe_displacement(outline: Outline, km: int) -> Words:
    """Say which outline is displaced, by how many kilometres, and what to look at."""
    return {
        "fr": f"{outline.name} (code {outline.code}) se retrouverait à {km} km de là où il est attendu\u00a0:"
        " la latitude et la longitude sont-elles échangées\u00a0? Si c'est voulu, importez avec --far.",
        "en": f"{outline.name} (code {outline.code}) would lie {km} km from where it is expected: are latitude and"
        " longitude exchanged? If it is meant, import with --far.",
    }
