"""Points and words turned into cells, for anyone."""

import pytest

from neighbourly.core import cells
from neighbourly.core.cells import STREET
from neighbourly.places import service
from neighbourly.places.selectors import find_home
from neighbourly.territories.selectors import territory_of
from tests.fakes import geocoder as fake

CAPITOLE = {"lat": 43.604468, "lon": 1.443378}
REPUBLIQUE = "rue de la République, Toulouse"


def test_a_point_is_told_its_cell(client, city):
    response = client.post("/v1/cells", json=CAPITOLE)
    cell = cells.snap(**CAPITOLE)
    whose = territory_of(cell)
    lat, lon = cells.centre(cell)
    assert response.status_code == 200
    assert response.json == {
        "cell": cell,
        "centre": {"lat": lat, "lon": lon},
        "finest_precision": "street",
        "neighbourhood": {"id": str(whose.id), "code": whose.code, "name": whose.name},
    }
    assert response.headers["Cache-Control"] == "no-store"


def test_a_point_anywhere_on_earth_has_a_cell(client, own):
    for lat, lon in ((90, 0), (-90, 180), (0, -180), (0, 0)):
        answer = client.post("/v1/cells", json={"lat": lat, "lon": lon})
        assert answer.json["neighbourhood"]["code"] == "own"
        assert answer.json["finest_precision"] == "town"


def test_two_points_of_a_cell_get_one_answer(client, city):
    """LOC-01"""
    lat, lon = cells.centre(city[STREET][0])
    answers = [
        client.post("/v1/cells", json={"lat": lat + step, "lon": lon - step}) for step in (0, 0.0001, -0.0003, 0.0005)
    ]
    assert len({answer.data for answer in answers}) == 1


def test_an_address_is_told_its_cells_and_nothing_finer(client, geocoder, own):
    response = client.post("/v1/geocode", json={"q": REPUBLIQUE})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert [item["label"] for item in response.json["items"]] == [
        "12 Rue de la République 31300 Toulouse",
        "48 Rue de la République 31300 Toulouse",
    ]
    first = cells.snap(43.598713, 1.432164)
    assert response.json["items"][0]["cell"] == first
    assert response.json["items"][0]["centre"] == cells.centre(first)._asdict()
    assert response.json["items"][0].keys() == {"label", "cell", "centre"}


def test_words_that_mean_no_place_find_none(client, geocoder, own):
    assert client.post("/v1/geocode", json={"q": "nulle part"}).json == {"items": []}


@pytest.mark.parametrize("reply", [fake.ERROR, fake.BUSY, fake.RESET, fake.GARBAGE])
def test_a_geocoder_that_fails_is_a_503_and_nothing_else_stops(client, geocoder, own, reply):
    """TST-06, REL-04, REL-08"""
    geocoder.script(reply)
    response = client.post("/v1/geocode", json={"q": REPUBLIQUE})
    assert (response.status_code, response.json["code"]) == (503, "geocoder_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert client.post("/v1/cells", json=CAPITOLE).status_code == 200


def test_the_database_is_not_held_while_the_geocoder_is_awaited(as_, bob, geocoder, own, monkeypatch):
    """REL-08"""
    order: list[str] = []
    search = service.Geocoder.search
    monkeypatch.setattr(service, "release", lambda: order.append("released"))
    monkeypatch.setattr(service.Geocoder, "search", lambda *asked: order.append("asked") or search(*asked))
    as_(bob).put("/v1/me/home", json={"address": REPUBLIQUE})
    assert order == ["released", "asked"]
    assert find_home(bob.id).precision == "town"


@pytest.mark.parametrize(
    ("path", "body", "pointer", "code"),
    [
        ("/v1/cells", {"lat": 43.6}, "/lon", "required"),
        ("/v1/cells", {"lat": 91, "lon": 0}, "/lat", "out_of_range"),
        ("/v1/cells", {"lat": 43.6, "lon": 1.4, "cell": "x"}, "/cell", "unknown_field"),
        ("/v1/geocode", {}, "/q", "required"),
        ("/v1/geocode", {"q": "ab"}, "/q", "bad_length"),
        ("/v1/geocode", {"q": "a" * 201}, "/q", "bad_length"),
        ("/v1/geocode", {"q": REPUBLIQUE, "limit": 50}, "/limit", "unknown_field"),
    ],
)
def test_what_is_no_place_is_named(client, path, body, pointer, code):
    """SEC-05"""
    response = client.post(path, json=body)
    assert response.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in response.json["errors"]] == [(pointer, code)]
