"""A map of Toulouse, and an address book that answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from neighbourly.core import events
from neighbourly.core.cells import DISTRICT, STREET, TOWN, Cell, centre, coarsen, snap
from neighbourly.core.db import db
from neighbourly.places.events import HomeMoved
from neighbourly.places.precision import finest_allowed
from neighbourly.reactions import REACTIONS
from neighbourly.territories import service as territories
from neighbourly.territories.models import Territory, TerritoryCell
from neighbourly.territories.selectors import finest_resolutions
from tests.fakes import geocoder as fake
from tests.fakes.geocoder import FakeGeocoder
from tests.people import FAR_CELL


@pytest.fixture(scope="session")
def address_book() -> Iterator[FakeGeocoder]:
    """The geocoder that the app asks."""
    with FakeGeocoder() as server:
        yield server


@pytest.fixture
def app(app: Flask, address_book: FakeGeocoder, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app, with that geocoder."""
    settings = replace(app.extensions["neighbourly.settings"], geocoder_url=address_book.url)
    monkeypatch.setitem(app.extensions, "neighbourly.settings", settings)
    return app


@pytest.fixture
def geocoder(address_book: FakeGeocoder) -> Iterator[FakeGeocoder]:
    """The geocoder in its ordinary state, with no question asked yet."""
    address_book.requests.clear()
    yield address_book
    address_book.script(fake.OK)


@pytest.fixture
def city(own: Territory, toulouse: Path) -> dict[int, list[Cell]]:
    """Toulouse is on the map; its cells of resolution 9 by the finest resolution at which a home there is kept."""
    territories.import_file(path=toulouse)
    db.session.commit()
    by_finest: dict[int, list[Cell]] = {STREET: [], DISTRICT: [], TOWN: []}
    own_finest: dict[Cell, dict[Cell, int]] = {}
    for cell in db.session.scalars(select(TerritoryCell.cell).order_by(TerritoryCell.cell)):
        town = coarsen(cell, TOWN)
        if town not in own_finest:
            own_finest[town] = finest_resolutions(town)
        by_finest[finest_allowed(cell, own_finest[town])].append(cell)
    assert all(by_finest.values())
    return by_finest


@pytest.fixture
def outside(own: Territory) -> Cell:
    """A cell that no neighbourhood on the map has anything to do with."""
    return snap(*centre(FAR_CELL))


@pytest.fixture
def heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[HomeMoved]:
    """The moves that are told while the test runs, beside everybody else who is told of them."""
    moves: list[HomeMoved] = []
    monkeypatch.setattr(events, "_reactions", {**REACTIONS, HomeMoved: [*REACTIONS.get(HomeMoved, ()), moves.append]})
    return moves
