"""Neighbourhoods brought in from GeoJSON."""

import time

import orjson
import pytest
from sqlalchemy import select

from neighbourly.core import audit, cells
from neighbourly.core.audit import AuditEntry
from neighbourly.core.cells import DISTRICT, STREET, TOWN
from neighbourly.core.db import db
from neighbourly.core.events import wire
from neighbourly.reactions import REACTIONS
from neighbourly.territories import service
from neighbourly.territories.errors import TerritoriesBroken
from neighbourly.territories.events import TerritoriesChanged
from neighbourly.territories.models import Territory, TerritoryCell
from tests.territories.shapes import collection, feature, outlines, ring, square


@pytest.fixture
def told(app):
    """The events that imports publish."""
    heard: list[TerritoriesChanged] = []
    wire({TerritoriesChanged: [heard.append]})
    yield heard
    wire(REACTIONS)


def bring(*features):
    result = service.import_territories(outlines=outlines(*features))
    db.session.commit()
    return result


def get(code):
    return db.session.scalars(select(Territory).where(Territory.code == code)).one()


def cells_of(code):
    statement = select(TerritoryCell.cell).join(Territory, Territory.id == TerritoryCell.territory_id)
    return set(db.session.scalars(statement.where(Territory.code == code)))


def state():
    """Everything that an import could change."""
    territories = select(*Territory.__table__.c).order_by(Territory.id)
    held = select(*TerritoryCell.__table__.c).order_by(TerritoryCell.cell)
    return [db.session.execute(each).all() for each in (territories, held, select(AuditEntry.number))]


def test_sixty_real_neighbourhoods_come_in_at_once(app, toulouse):
    """LOC-06: and soon enough."""
    began = time.monotonic()
    result = service.import_file(path=toulouse)
    db.session.commit()
    assert time.monotonic() - began < 10
    assert (len(result.created), result.cells) == (60, 1192)
    assert not result.changed
    assert not result.taken_by_another
    assert not result.without_cells
    assert not result.without_households
    arnaud_bernard = get("3155502")
    assert (arnaud_bernard.name, arnaud_bernard.households) == ("Arnaud Bernard", 5286)
    assert arnaud_bernard.finest_resolution == STREET
    assert arnaud_bernard.area_km2 == pytest.approx(0.618, abs=0.001)
    assert len(cells_of("3155502")) == 5


def test_a_second_import_changes_nothing(app, toulouse, told):
    service.import_file(path=toulouse)
    db.session.commit()
    before, told[:] = state(), []
    result = service.import_file(path=toulouse)
    db.session.commit()
    assert (len(result.unchanged), result.created, result.changed) == (60, (), ())
    assert state() == before
    assert told == []


def test_it_takes_few_statements(app, toulouse, statements, told):
    with statements() as seen:
        service.import_file(path=toulouse)
    assert len(seen) <= 10


def test_a_cell_belongs_to_the_territory_that_holds_its_centre(app):
    bring(feature("west", square(1.40)), feature("east", square(1.43)))
    west, east = cells_of("west"), cells_of("east")
    assert west
    assert east
    assert not west & east
    assert all(cells.centre(cell).lon < 1.43 for cell in west)
    assert all(cells.centre(cell).lon >= 1.43 for cell in east)


def test_holes_and_parts(app):
    parts = [[ring(), ring(1.41, 43.61, 0.01)], [ring(1.45, 43.60, 0.01)]]
    bring(feature("a", {"type": "MultiPolygon", "coordinates": parts}))
    held = cells_of("a")
    hole, far = cells.cover(square(1.41, 43.61, 0.01)), cells.cover(square(1.45, 43.60, 0.01))
    assert far < held
    assert held - far == cells.cover(square()) - hole


def test_of_two_that_overlap_the_holder_keeps_the_cells(app):
    result = bring(feature("first", square(1.40)), feature("second", square(1.41)))
    shared = cells.cover(square(1.40)) & cells.cover(square(1.41))
    assert result.taken_by_another == {"second": {"first": len(shared)}}
    assert cells_of("first") == cells.cover(square(1.40))
    before = state()
    assert bring(feature("second", square(1.41)), feature("first", square(1.40))).unchanged == ("second", "first")
    assert state() == before


def test_what_one_gives_up_another_gets(app):
    bring(feature("first", square(1.40)), feature("second", square(1.41)))
    result = bring(feature("second", square(1.41)), feature("first", square(1.40, size=0.01)))
    assert result.changed == ("second", "first")
    assert cells_of("second") == cells.cover(square(1.41))
    assert cells_of("first") == cells.cover(square(1.40, size=0.01))


def test_a_renamed_one_keeps_its_id_and_gets_a_new_version(app):
    bring(feature("a"), feature("b", square(1.5)))
    known = get("a").id
    result = bring(feature("a", name="Nouveau nom"), feature("b", square(1.5)))
    assert (result.changed, result.unchanged) == (("a",), ("b",))
    assert (get("a").id, get("a").name, get("a").version) == (known, "Nouveau nom", 2)
    assert get("b").version == 1


def test_what_a_file_does_not_name_stays(app):
    bring(feature("a"), feature("b", square(1.5)))
    bring(feature("b", square(1.6)))
    assert cells_of("a") == cells.cover(square())


@pytest.mark.parametrize(("households", "finest"), [(None, DISTRICT), (0, TOWN), (200, DISTRICT), (5000, STREET)])
def test_density_decides_how_finely_homes_may_be_shown(app, households, finest):
    """LOC-06"""
    result = bring(feature("a", households=households))
    assert get("a").finest_resolution == finest
    assert result.without_households == (("a",) if households is None else ())


def test_one_too_small_for_any_cell_is_reported(app):
    corner = cells.centre(cells.snap(43.60, 1.40))
    result = bring(feature("tiny", square(corner.lon + 0.0005, corner.lat + 0.0005, 0.0001)), feature("b"))
    assert result.without_cells == ("tiny",)


def test_a_broken_file_changes_nothing(app, tmp_path):
    before = state()
    path = tmp_path / "quartiers.geojson"
    path.write_bytes(
        orjson.dumps(collection(feature("good"), feature("bad", {"type": "Point", "coordinates": [1, 2]})))
    )
    with pytest.raises(TerritoriesBroken):
        service.import_file(path=path)
    assert state() == before


def exchanged(features):
    """The same squares with latitude and longitude exchanged: near 1.4° N, 43.6° E, in Somalia."""
    return [
        each
        | {"geometry": {"type": "Polygon", "coordinates": [[[y, x] for x, y in each["geometry"]["coordinates"][0]]]}}
        for each in features
    ]


@pytest.mark.parametrize(
    ("known", "brought", "far"),
    [
        ([feature("a")], exchanged([feature("a")]), ["a"]),
        ([feature("a")], exchanged([feature("b"), feature("c", square(1.5))]), ["b", "c"]),
        ([], [feature("a"), *exchanged([feature("b")])], ["a", "b"]),
        ([], [feature("a"), feature("b", square(1.5)), *exchanged([feature("c")])], ["c"]),
        ([], exchanged([feature("a")]), []),
        ([feature("a")], [feature("a", square(1.9)), feature("b", square(2.5))], []),
    ],
    ids=["moved", "new ones", "two that are apart", "one apart", "a lone one", "near enough"],
)
def test_what_moves_or_lands_far_away_is_doubted(app, known, brought, far):
    """And nothing of the file is taken, unless it is meant."""
    if known:
        bring(*known)
    before = state()
    if far:
        with pytest.raises(TerritoriesBroken) as refused:
            bring(*brought)
        db.session.rollback()
        assert [fault.words["en"].split("code ")[1].split(")")[0] for fault in refused.value.faults] == far
        assert all(fault.code == "far_away" and "--far" in fault.words["fr"] for fault in refused.value.faults)
        assert state() == before
    service.import_territories(outlines=outlines(*brought), may_be_far=bool(far))
    assert all(cells_of(each["properties"]["code"]) for each in brought)


def test_those_above_are_told_where_something_changed(app, told):
    def towns(*squares):
        return {cells.coarsen(cell, TOWN) for each in squares for cell in cells.cover(each)}

    bring(feature("a"), feature("b", square(1.5)))
    bring(feature("a", square(1.42)), feature("b", square(1.5)))
    bring(feature("a", square(1.42)), feature("b", square(1.5), households=5000))
    assert [event.town_cells for event in told] == [
        towns(square(), square(1.5)),
        towns(square(), square(1.42)),
        towns(square(1.5)),
    ]


def test_an_import_is_on_record_once(app):
    bring(feature("a"))
    bring(feature("a"))
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "territories_imported")).all()
    assert [entry.data for entry in entries] == [{"created": 1, "changed": 0, "cells": len(cells_of("a"))}]
    assert audit.first_broken() is None
