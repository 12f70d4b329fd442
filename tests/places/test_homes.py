"""Home: where someone lives, as a cell."""

import pytest

from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN
from neighbourly.core.db import db
from neighbourly.places import selectors
from neighbourly.places.errors import HomeMissing
from neighbourly.places.models import Home
from neighbourly.places.next_steps import set_home
from neighbourly.territories.selectors import territory_of, touching
from tests.fakes import geocoder as fake

NAMES = {STREET: "street", DISTRICT: "district", TOWN: "town"}
ADDRESS = "12 rue de la République, Toulouse"
FOUND = cells.snap(43.598713, 1.432164)


@pytest.fixture
def dora(new_user):
    return new_user("Dora D.")


@pytest.fixture
def at_home(as_, dora):
    """`at_home(cell=…)` puts Dora's home and gives the answer."""

    def put(status=200, headers=None, **body):
        response = as_(dora).put("/v1/me/home", json=body, headers=headers or {})
        assert response.status_code == status, response.json
        return response

    return put


def point_in(cell):
    lat, lon = cells.centre(cell)
    return {"lat": lat + 0.0002, "lon": lon - 0.0003}


def test_a_point_becomes_its_cell(at_home, as_, dora, city):
    cell = city[STREET][0]
    home = at_home(**point_in(cell)).json
    lat, lon = cells.centre(cell)
    whose = territory_of(cell)
    assert home.pop("updated_at").endswith("Z")
    assert home == {
        "cell": cell,
        "centre": {"lat": lat, "lon": lon},
        "precision": "street",
        "finest_precision": "street",
        "neighbourhood": {"id": str(whose.id), "code": whose.code, "name": whose.name},
        "choices": [],
    }
    stored = db.session.get_one(Home, dora.id)
    assert stored.location == pytest.approx(cells.mercator(cell))


def test_an_address_becomes_the_cell_of_the_best_hit(at_home, geocoder, city):
    geocoder.places.reverse()
    answer = at_home(address="rue de la République Toulouse").json
    geocoder.places.reverse()
    best = cells.snap(43.598112, 1.430911)
    assert answer["cell"] == cells.coarsen(best, cells.resolution_of(answer["cell"]))
    assert at_home(address=ADDRESS).json["cell"] == cells.coarsen(FOUND, cells.resolution_of(answer["cell"]))


def test_an_address_that_nobody_knows_changes_nothing(at_home, as_, dora, geocoder, own):
    problem = at_home(422, address="nulle part").json
    assert problem["code"] == "address_not_found"
    assert as_(dora).get("/v1/me/home").status_code == 404


def test_homes_by_point_work_while_the_geocoder_is_down(at_home, geocoder, city):
    """REL-08"""
    geocoder.script(fake.ERROR)
    response = at_home(503, address=ADDRESS)
    assert response.json["code"] == "geocoder_unavailable"
    assert response.headers["Retry-After"]
    at_home(**point_in(city[STREET][0]))


@pytest.mark.parametrize("finest", [STREET, DISTRICT, TOWN])
@pytest.mark.parametrize("asked", ["street", "district", "town", None])
def test_nobody_gets_finer_than_the_place_allows_and_everyone_may_be_coarser(at_home, city, finest, asked):
    """LOC-06: asking for finer gets the finest allowed, and says so."""
    cell = city[finest][0]
    home = at_home(cell=cell, **({"precision": asked} if asked else {})).json
    got = min(finest, {"street": STREET, "district": DISTRICT, "town": TOWN, None: STREET}[asked])
    assert (home["precision"], home["cell"]) == (NAMES[got], cells.coarsen(cell, got))
    if got == finest:
        assert home["finest_precision"] == NAMES[finest]


def test_a_coarser_cell_stays_as_coarse(at_home, city):
    district = cells.coarsen(city[STREET][0], DISTRICT)
    home = at_home(cell=district, precision="street").json
    assert (home["cell"], home["precision"], home["finest_precision"]) == (district, "district", "street")


def test_outside_all_territories_a_home_is_shown_by_town_and_belongs_to_the_installations_own(at_home, outside):
    """LOC-06"""
    home = at_home(cell=outside, precision="street").json
    assert (home["cell"], home["precision"]) == (cells.coarsen(outside, TOWN), "town")
    assert home["neighbourhood"]["code"] == "own"
    assert [choice["code"] for choice in home["choices"]] == ["own"]


def test_at_town_the_neighbourhood_is_the_one_chosen_among_those_the_cell_touches(at_home, city):
    """LOC-11"""
    town = cells.coarsen(city[STREET][0], TOWN)
    touched = touching(town)
    home = at_home(cell=town).json
    assert home["neighbourhood"] is None
    assert [choice["id"] for choice in home["choices"]] == [str(each.id) for each in touched]
    for each in touched[:2]:
        home = at_home(cell=town, neighbourhood_id=str(each.id)).json
        assert home["neighbourhood"]["id"] == str(each.id)
    assert at_home(cell=town).json == home, "the same cell again, without a choice, keeps the one made"


def test_a_neighbourhood_elsewhere_cannot_be_chosen(at_home, city):
    """LOC-11"""
    cell = city[STREET][0]
    here, town = territory_of(cell), cells.coarsen(cell, TOWN)
    far = next(each for each in map(territory_of, city[STREET]) if each not in touching(town))
    for chosen, place in ((far, town), (far, cell)):
        problem = at_home(422, cell=place, neighbourhood_id=str(chosen.id)).json
        assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [("/neighbourhood_id", "not_here")]
    at_home(cell=cell, neighbourhood_id=str(here.id))


def test_a_choice_does_not_move_along(at_home, city):
    """LOC-11: a street's neighbourhood would say more of where in the town cell it was."""
    cell = city[STREET][0]
    assert at_home(cell=cell).json["neighbourhood"]
    assert at_home(cell=cell, precision="town").json["neighbourhood"] is None


def test_the_same_cell_again_changes_nothing(at_home, as_, dora, city, heard):
    """LOC-04"""
    cell = city[STREET][0]
    first = at_home(cell=cell)
    for body in (point_in(cell), {"cell": cell}, {"cell": cell, "precision": "street"}):
        again = at_home(**body)
        assert (again.json, again.headers["ETag"]) == (first.json, first.headers["ETag"])
    assert as_(dora).get("/v1/me/home").headers["ETag"] == first.headers["ETag"]
    assert db.session.get_one(Home, dora.id).version == 1
    assert len(heard) == 1


def test_moving_raises_the_version_and_is_told(at_home, dora, city, heard):
    at_home(cell=city[STREET][0])
    before = at_home(cell=city[STREET][0]).headers["ETag"]
    assert at_home(cell=city[STREET][1]).headers["ETag"] != before
    assert [event.user_id for event in heard] == [dora.id, dora.id]
    assert db.session.get_one(Home, dora.id).version == 2


def test_of_two_who_change_a_home_the_one_who_knows_it_wins(at_home, as_, dora, city):
    """REL-05"""
    stale = at_home(cell=city[STREET][0]).headers["ETag"]
    current = at_home(cell=city[STREET][1]).headers["ETag"]
    at_home(412, headers={"If-Match": stale}, cell=city[STREET][2])
    assert as_(dora).delete("/v1/me/home", headers={"If-Match": stale}).status_code == 412
    assert as_(dora).get("/v1/me/home", headers={"If-None-Match": current}).status_code == 304
    at_home(headers={"If-Match": current}, cell=city[STREET][2])


def test_a_home_can_be_forgotten(at_home, as_, dora, city, heard):
    at_home(cell=city[STREET][0])
    assert set_home(dora.id) is None
    assert as_(dora).delete("/v1/me/home").status_code == 204
    assert as_(dora).get("/v1/me/home").status_code == 404
    assert as_(dora).delete("/v1/me/home").status_code == 204
    assert set_home(dora.id) == "set_home"
    assert len(heard) == 2
    with pytest.raises(HomeMissing):
        selectors.get_home(dora.id)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "", "one_place"),
        ({"lat": 43.6}, "", "one_place"),
        ({"lat": 43.6, "lon": 1.4, "address": ADDRESS}, "", "one_place"),
        ({"address": ADDRESS, "cell": FOUND}, "", "one_place"),
        ({"lat": 90.1, "lon": 1.4}, "/lat", "out_of_range"),
        ({"lat": 43.6, "lon": -180.1}, "/lon", "out_of_range"),
        ({"lat": "north", "lon": 1.4}, "/lat", "wrong_type"),
        ({"address": "12"}, "/address", "bad_length"),
        ({"address": "x" * 201}, "/address", "bad_length"),
        ({"address": "12 rue\x00"}, "/address", "control_character"),
        ({"cell": "8a396026930ffff"}, "/cell", "cell_too_fine"),
        ({"cell": "89396026937fff"}, "/cell", "not_a_cell"),
        ({"cell": cells.coarsen(FOUND, 6)}, "/cell", "cell_too_coarse"),
        ({"cell": FOUND, "precision": "house"}, "/precision", "not_a_choice"),
        ({"cell": FOUND, "neighbourhood_id": "x"}, "/neighbourhood_id", "wrong_type"),
        ({"cell": FOUND, "user_id": "x"}, "/user_id", "unknown_field"),
        ({"cell": FOUND, "version": 7}, "/version", "unknown_field"),
        ({"cell": FOUND, "finest_precision": "street"}, "/finest_precision", "unknown_field"),
    ],
)
def test_what_is_no_place_is_named(at_home, own, body, pointer, code):
    """SEC-05, LOC-10"""
    problem = at_home(422, **body).json
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(pointer, code)]


def test_everyone_has_only_their_own_home(at_home, as_, bob, city):
    """SEC-02"""
    at_home(cell=city[STREET][0])
    assert as_(bob).get("/v1/me/home").json["cell"] != city[STREET][0]
