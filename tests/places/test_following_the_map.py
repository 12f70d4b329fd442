"""Homes follow the map when neighbourhoods are drawn anew."""

import orjson
import pytest

from neighbourly.accounts.events import AccountErasing
from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.places.models import Home
from neighbourly.territories import geojson
from neighbourly.territories import service as territories
from neighbourly.territories.geojson import Fields
from neighbourly.territories.selectors import territory_of


@pytest.fixture
def redraw(toulouse):
    """`redraw(code, households=3)` imports Toulouse again, with something of one quartier different."""

    def change(code, **properties):
        document = orjson.loads(toulouse.read_bytes())
        for feature in document["features"]:
            if feature["properties"]["code"] == code:
                feature["properties"] |= properties
        territories.import_territories(outlines=geojson.parse(document, Fields()))
        db.session.commit()
        db.session.expire_all()

    return change


def home_of(user):
    return db.session.get_one(Home, user.id)


def test_homes_from_before_the_map_get_their_neighbourhood(bob, heard, own, request):
    """LOC-04"""
    version = home_of(bob).version
    assert home_of(bob).neighbourhood_id is None
    request.getfixturevalue("city")
    home = home_of(bob)
    assert home.neighbourhood_id == territory_of(home.cell).id
    assert (home.precision, home.version) == ("street", version + 1)
    assert [event.user_id for event in heard] == [bob.id]


@pytest.mark.parametrize(("households", "precision"), [(None, "district"), (1, "town")])
def test_a_home_that_became_too_fine_is_coarsened(new_user, city, redraw, heard, households, precision):
    """LOC-06"""
    cell = city[STREET][0]
    dora = new_user("Dora D.", home=cell)
    heard.clear()
    redraw(territory_of(cell).code, households=households)
    home = home_of(dora)
    assert home.precision == precision
    assert home.cell == cells.coarsen(cell, DISTRICT if precision == "district" else TOWN)
    assert home.location == pytest.approx(cells.mercator(home.cell))
    if precision == "town":
        assert home.neighbourhood_id is None, "LOC-11: where nobody chose, a large cell has no neighbourhood"
    assert heard


def test_a_home_never_becomes_finer(new_user, city, redraw):
    """LOC-02: nothing finer is known."""
    cell = city[STREET][0]
    code, households = territory_of(cell).code, territory_of(cell).households
    dora = new_user("Dora D.", home=cell)
    redraw(code, households=1)
    redraw(code, households=households)
    assert home_of(dora).precision == "town"


def test_homes_elsewhere_and_as_before_are_left_alone(bob, city, redraw, heard, new_user):
    """LOC-04"""
    cell = city[STREET][0]
    far = new_user("Far F.", home=next(each for each in city[STREET] if territory_of(each) != territory_of(cell)))
    redraw(territory_of(cell).code, name="Nouveau nom")
    versions = [home_of(each).version for each in (bob, far)]
    heard.clear()
    redraw(territory_of(cell).code, name="Autre nom")
    assert heard == []
    assert [home_of(each).version for each in (bob, far)] == versions


def test_a_chosen_neighbourhood_stays_as_long_as_the_cell_touches_it(as_, new_user, city, redraw):
    """LOC-11"""
    town = cells.coarsen(city[STREET][0], TOWN)
    dora = new_user("Dora D.")
    choices = as_(dora).put("/v1/me/home", json={"cell": town}).json["choices"]
    as_(dora).put("/v1/me/home", json={"cell": town, "neighbourhood_id": choices[0]["id"]})
    redraw(choices[0]["code"], households=20_000)
    assert str(home_of(dora).neighbourhood_id) == choices[0]["id"]


def test_a_chosen_neighbourhood_goes_once_too_few_live_in_it(as_, new_user, city, redraw):
    """LOC-12: cell and neighbourhood together would tell where in the cell."""
    town = cells.coarsen(city[STREET][0], TOWN)
    dora = new_user("Dora D.")
    choice, *_ = as_(dora).put("/v1/me/home", json={"cell": town}).json["choices"]
    as_(dora).put("/v1/me/home", json={"cell": town, "neighbourhood_id": choice["id"]})
    redraw(choice["code"], households=7)
    seen = as_(dora).get("/v1/me/home").json
    assert seen["neighbourhood"] is None
    assert choice["id"] not in {each["id"] for each in seen["choices"]}


def test_whoever_leaves_has_no_home(as_, new_user, city):
    """GDP-02"""
    dora = new_user("Dora D.", home=city[STREET][0])
    publish(AccountErasing(dora.id))
    db.session.commit()
    assert db.session.get(Home, dora.id) is None
