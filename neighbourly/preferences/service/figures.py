"""Figures of interests, as they are told until the next night (LOC-12)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from neighbourly.core.bands import band_of
from neighbourly.core.cells import Cell
from neighbourly.core.db import db
from neighbourly.preferences import selectors
from neighbourly.preferences.models import CellRadius, InterestFigure


def list_towns() -> list[Cell]:
    """The cells of resolution 7 to count around; what is told of others is deleted."""
    towns = selectors.list_towns()
    for table in (CellRadius, InterestFigure):
        db.session.execute(delete(table).where(table.cell.not_in(towns)))
    return towns


def recount_interests(*, towns: Collection[Cell]) -> None:
    """Count anew how far 50 neighbours live from these cells, and how many within take an interest in each category.

    Of an interest that is told as fewer than eleven no row stays.
    """
    for town in towns:
        radius = selectors.recount_radius(town)
        fresh = insert(CellRadius).values(cell=town, radius_m=radius)
        db.session.execute(fresh.on_conflict_do_update(index_elements=[CellRadius.cell], set_={"radius_m": radius}))
        told, counts = selectors.list_figures(town), selectors.count_interested(town, radius)
        bands = {each: band_of(counts.get(each, 0), told.get(each)) for each in told.keys() | counts.keys()}
        if bands == told:
            continue
        db.session.execute(delete(InterestFigure).where(InterestFigure.cell == town))
        rows = [{"cell": town, "category": each, "band": band} for each, band in sorted(bands.items()) if band]
        if rows:
            fresh = insert(InterestFigure).values(rows)
            key = [InterestFigure.cell, InterestFigure.category]
            db.session.execute(fresh.on_conflict_do_update(index_elements=key, set_={"band": fresh.excluded.band}))
