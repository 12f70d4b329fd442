"""Living somewhere: a home is set, moves, follows the map, and is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from uuid import UUID

from sqlalchemy import delete, select

from neighbourly.accounts.selectors import Actor, hold_person
from neighbourly.core import clock
from neighbourly.core.api.limits import GEOCODE, spend
from neighbourly.core.cells import (
    DISTRICT,
    STREET,
    TOWN,
    Cell,
    LatLon,
    centre,
    children,
    coarsen,
    mercator,
    resolution_of,
    snap,
)
from neighbourly.core.config import settings
from neighbourly.core.db import db, release
from neighbourly.core.errors import NotFound, fault
from neighbourly.core.events import publish
from neighbourly.places import selectors
from neighbourly.places.errors import AddressNotFound
from neighbourly.places.events import HomeMoved
from neighbourly.places.geocoding import Geocoder, asker, geocoder_from
from neighbourly.places.looking import look_from
from neighbourly.places.models import Home
from neighbourly.places.precision import RESOLUTIONS, kept_cell, precision_of
from neighbourly.places.selectors import OwnHome, Place
from neighbourly.territories.selectors import finest_resolutions, hold_still, list_towns_of_small

_making = Lock()


@dataclass(frozen=True)
class Address:
    """An address that was found, as a cell of resolution 9."""

    label: str
    cell: Cell

    @property
    def centre(self) -> LatLon:
        """The cell's centre."""
        return centre(self.cell)


def get_home(*, actor: Actor) -> OwnHome:
    """Everyone sees all of their own home."""
    home = selectors.find_home(actor.id)
    if home is None:
        raise NotFound()
    return selectors.show_home(home)


def put_home(
    *,
    actor: Actor,
    lat: float | None = None,
    lon: float | None = None,
    address: str | None = None,
    cell: Cell | None = None,
    precision: str = "street",
    neighbourhood_id: UUID | None = None,
) -> OwnHome:
    """Of a point, an address or a cell only a cell is kept, no finer than asked for and than the place allows.

    Everything else follows from that cell alone, and the same cell again changes nothing (LOC-02, LOC-04).
    Moving counts as looking from a new place, since it shows the neighbours' distances anew (LOC-07).
    """
    given = _given_cell(lat, lon, address, cell)
    hold_still()
    hold_person(actor.id)
    home = selectors.find_home(actor.id, lock=True) or Home(user_id=actor.id)
    kept = kept_cell(given, RESOLUTIONS[precision], finest_resolutions(coarsen(given, TOWN)))
    chosen = neighbourhood_id or (home.neighbourhood_id if home.cell == kept else None)
    neighbourhood = selectors.neighbourhood_at(kept, chosen)
    if neighbourhood_id not in (None, neighbourhood):
        raise fault(
            "/neighbourhood_id",
            "not_here",
            fr="Ce quartier n'est pas à choisir ici.",
            en="This neighbourhood cannot be chosen here.",
        )
    if home.cell != kept:
        look_from(actor=actor, cell=kept)
    if not _is_same_neighbourhood(home, kept, neighbourhood):
        home.since = clock.now()
    _settle(home, kept, neighbourhood)
    return selectors.show_home(home)


def delete_home(*, actor: Actor) -> None:
    """A home can be forgotten at any time; without one there is nothing to do."""
    hold_person(actor.id)
    home = selectors.find_home(actor.id, lock=True)
    if home is not None:
        db.session.delete(home)
        db.session.flush()
        publish(HomeMoved(actor.id))


def snap_point(*, lat: float, lon: float) -> Place:
    """A point is told its cell, and nothing of it is kept."""
    return selectors.show_place(snap(lat, lon))


def geocode(*, q: str) -> list[Address]:
    """Words are told the cells of the addresses they may mean, best first; nothing of it is kept."""
    return [Address(found.label, snap(found.lat, found.lon)) for found in _geocoder().search(q)]


def refit_homes(*, town_cells: Iterable[Cell]) -> None:
    """Homes follow the map: their neighbourhood is found anew, and one that is now too fine is coarsened.

    None becomes finer: nothing finer is known. People are held before their homes, as where one moves by oneself.
    """
    for town_cell in sorted(town_cells):
        around = {town_cell} | children(town_cell, DISTRICT) | children(town_cell, STREET)
        selectors.hold_people_in(around)
        statement = select(Home).where(Home.cell.in_(around)).order_by(Home.user_id).with_for_update()
        homes = list(db.session.scalars(statement.execution_options(populate_existing=True)))
        own_finest = finest_resolutions(town_cell) if homes else {}
        neighbourhood_at = cache(selectors.neighbourhood_at)
        for home in homes:
            kept = kept_cell(home.cell, STREET, own_finest)
            _settle(home, kept, neighbourhood_at(kept, home.neighbourhood_id if home.cell == kept else None))


def refit_small(*, limit: int, after: Cell = "") -> Cell | None:
    """Homes in territories that are too small to be told follow the map, some cells of resolution 7 at a time.

    An import does so by itself; this is for homes from before that rule. Returns the last cell; None at the end.
    """
    hold_still()
    towns = [town for town in list_towns_of_small() if town > after][:limit]
    refit_homes(town_cells=towns)
    return towns[-1] if towns else None


def forget_home(*, user_id: UUID) -> None:
    """Whoever leaves has no home here."""
    db.session.execute(delete(Home).where(Home.user_id == user_id))


def _settle(home: Home, cell: Cell, neighbourhood_id: UUID | None) -> None:
    """Write a home that is elsewhere than before, and tell; one that is where it was stays untouched."""
    if (home.cell, home.neighbourhood_id) == (cell, neighbourhood_id):
        return
    home.cell, home.precision, home.location = cell, precision_of(cell), mercator(cell)
    home.neighbourhood_id = neighbourhood_id
    db.session.add(home)
    db.session.flush()
    publish(HomeMoved(home.user_id))


def _is_same_neighbourhood(home: Home, cell: Cell, neighbourhood_id: UUID | None) -> bool:
    """Whether a home, which a new one is not yet, stays where it counts; without a neighbourhood that is its town."""
    if home.cell is None or home.neighbourhood_id != neighbourhood_id:
        return False
    return neighbourhood_id is not None or coarsen(home.cell, TOWN) == coarsen(cell, TOWN)


def _given_cell(lat: float | None, lon: float | None, address: str | None, cell: Cell | None) -> Cell:
    if lat is not None and lon is not None:
        return snap(lat, lon)
    if address is not None:
        spend((GEOCODE,), None)
        release()
        found = geocode(q=address)
        if not found:
            raise AddressNotFound()
        return found[0].cell
    assert cell is not None  # noqa: S101  # the schema asks for one of the three
    if resolution_of(cell) < TOWN:
        raise fault(
            "/cell",
            "cell_too_coarse",
            fr="Cette case est trop vaste pour un domicile\u00a0: la plus grande est de résolution 7.",
            en="This cell is too large for a home: resolution 7 is the coarsest.",
        )
    return cell


def _geocoder() -> Geocoder:
    chosen = settings()
    with _making:
        return _made_geocoder(chosen.geocoder, chosen.geocoder_url, asker(chosen))


@cache
def _made_geocoder(name: str, url: str | None, user_agent: str) -> Geocoder:
    """One for the process, since it bounds how many questions are under way."""
    return geocoder_from(name, url, user_agent)
