"""Bringing territories in: from polygons to cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, delete, func, insert, literal, or_, select

from neighbourly.core import audit
from neighbourly.core.cells import LEAST_HOUSEHOLDS, TOWN, Cell, coarsen, cover, finest_by_density, holds_enough
from neighbourly.core.db import db
from neighbourly.core.errors import Fault
from neighbourly.core.events import publish
from neighbourly.territories import geojson
from neighbourly.territories.allotment import Allotment, allot
from neighbourly.territories.displacement import describe_displacement, find_displaced
from neighbourly.territories.errors import TerritoriesBroken
from neighbourly.territories.events import TerritoriesChanged
from neighbourly.territories.geojson import Fields, Outline
from neighbourly.territories.geometry import somewhere_in
from neighbourly.territories.models import Territory, TerritoryCell
from neighbourly.territories.selectors import CHANGING


@dataclass(frozen=True)
class ImportResult:
    """What an import did; territories are named by their codes, in the file's order."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    cells: int
    """How many cells the file's territories hold now."""
    taken_by_another: Mapping[str, Mapping[str, int]]
    """Where outlines overlap: claimant → holder → how many cells stay with the holder."""
    without_cells: tuple[str, ...]
    """Too small to hold any cell's centre: nobody can live there."""
    without_households: tuple[str, ...]
    """No count of households: homes are shown by district there."""
    too_small: tuple[str, ...]
    """Fewer than eleven households: homes are shown by town there, and nobody is told to live in it (LOC-12)."""
    narrow: Mapping[str, int]
    """In how many cells of resolution 7 too few of a territory's households lie: who chooses there cannot choose it."""


def import_file(
    *,
    path: Path,
    code_field: str = "code",
    name_field: str = "name",
    households_field: str = "households",
    may_be_far: bool = False,
    actor_id: UUID | None = None,
) -> ImportResult:
    """A file is taken whole or, with every fault named, not at all; raises `TerritoriesBroken`."""
    outlines = geojson.read(path, Fields(code_field, name_field, households_field))
    return import_territories(outlines=outlines, may_be_far=may_be_far, actor_id=actor_id)


def import_territories(
    *, outlines: Sequence[Outline], may_be_far: bool = False, actor_id: UUID | None = None
) -> ImportResult:
    """A cell belongs to the territory that holds its centre; one that another holds already stays with that one.

    The code says which territory an outline is of. Territories that are not named stay as they are; the same
    outlines once more change nothing. `actor_id` is None for someone at the server's own command line.
    Unless `may_be_far`, one that moves or lands far from all others is a fault: raises `TerritoriesBroken`.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(CHANGING)))
    claims = {outline.code: cover(outline.boundary) for outline in outlines}
    known = {each.code: each for each in db.session.scalars(select(Territory).where(Territory.boundary.is_not(None)))}
    if not may_be_far:
        _refuse_displaced(outlines, known.values())
    held = _held(claims)
    allotment = allot(claims, held)
    retouched = _write_territories(outlines, known)
    _write_cells(allotment)
    result = _result(outlines, known, retouched | _holders_of(allotment.moved, held, allotment.holders), allotment)
    if result.created or result.changed:
        redrawn = allotment.moved | {cell for cell, holder in allotment.holders.items() if holder in retouched}
        publish(TerritoriesChanged(frozenset(coarsen(cell, TOWN) for cell in redrawn)))
        _put_on_record(result, actor_id)
    return result


def _refuse_displaced(outlines: Sequence[Outline], territories: Iterable[Territory]) -> None:
    known = {each.code: somewhere_in(each.boundary) for each in territories if each.boundary}
    displaced = find_displaced({outline.code: somewhere_in(outline.boundary) for outline in outlines}, known)
    if displaced:
        raise TerritoriesBroken(
            faults=[
                Fault(
                    f"/features/{number}", "far_away", describe_displacement(outline, displaced[outline.code] // 1000)
                )
                for number, outline in enumerate(outlines)
                if outline.code in displaced
            ]
        )


def _held(claims: Mapping[str, frozenset[Cell]]) -> dict[Cell, str]:
    """Who holds what is claimed, and what the claimants hold."""
    claimed = frozenset[Cell]().union(*claims.values())
    statement = select(TerritoryCell.cell, Territory.code).join(Territory, Territory.id == TerritoryCell.territory_id)
    rows = db.session.execute(statement.where(or_(_among(claimed), Territory.code.in_(claims))))
    return dict(rows.all())


def _among(chosen: Collection[Cell]) -> ColumnElement[bool]:
    """One array in place of a parameter a cell, of which PostgreSQL takes 65,535."""
    return TerritoryCell.cell == any_(literal(list(chosen), ARRAY(Text)))


def _holders_of(moved: Collection[Cell], *states: Mapping[Cell, str]) -> set[str]:
    return {holders[cell] for holders in states for cell in moved if cell in holders}


def _write_territories(outlines: Sequence[Outline], known: Mapping[str, Territory]) -> set[str]:
    """Make or change the rows; the codes of those that are not as they were."""
    retouched = set()
    for outline in outlines:
        territory = known.get(outline.code) or Territory(code=outline.code)
        wanted = {
            "name": outline.name,
            "households": outline.households,
            "area_km2": outline.area_km2,
            "finest_resolution": finest_by_density(outline.households, outline.area_km2),
            "boundary": outline.boundary,
        }
        changes = {field: value for field, value in wanted.items() if getattr(territory, field) != value}
        for field, value in changes.items():
            setattr(territory, field, value)
        if changes:
            retouched.add(outline.code)
            db.session.add(territory)
    db.session.flush()
    return retouched


def _write_cells(allotment: Allotment) -> None:
    db.session.execute(delete(TerritoryCell).where(_among(allotment.moved)))
    ids = dict(db.session.execute(select(Territory.code, Territory.id)).all())
    rows = [
        {"cell": cell, "territory_id": ids[allotment.holders[cell]], "town_cell": coarsen(cell, TOWN)}
        for cell in sorted(allotment.moved & allotment.holders.keys())
    ]
    if rows:
        db.session.execute(insert(TerritoryCell), rows)


def _result(
    outlines: Sequence[Outline], known: Mapping[str, Territory], different: set[str], allotment: Allotment
) -> ImportResult:
    codes = [outline.code for outline in outlines]
    holding = Counter(allotment.holders.values())
    return ImportResult(
        created=tuple(code for code in codes if code not in known),
        changed=tuple(code for code in codes if code in known and code in different),
        unchanged=tuple(code for code in codes if code in known and code not in different),
        cells=sum(holding[code] for code in codes),
        taken_by_another=allotment.refused,
        without_cells=tuple(code for code in codes if not holding[code]),
        without_households=tuple(outline.code for outline in outlines if outline.households is None),
        too_small=tuple(
            each.code for each in outlines if each.households is not None and each.households < LEAST_HOUSEHOLDS
        ),
        narrow=_narrow_parts(outlines, allotment.holders),
    )


def _narrow_parts(outlines: Sequence[Outline], holders: Mapping[Cell, str]) -> dict[str, int]:
    whole, parts = Counter(holders.values()), Counter((code, coarsen(cell, TOWN)) for cell, code in holders.items())
    households = {each.code: each.households for each in outlines}
    narrow = Counter(
        code
        for (code, _), within in parts.items()
        if code in households and not holds_enough(households[code], within=within, of=whole[code])
    )
    return {each.code: narrow[each.code] for each in outlines if narrow[each.code]}


def _put_on_record(result: ImportResult, actor_id: UUID | None) -> None:
    created, changed = len(result.created), len(result.changed)
    audit.record("territories_imported", actor_id=actor_id, created=created, changed=changed, cells=result.cells)
