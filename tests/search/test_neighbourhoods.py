"""Neighbourhoods around a place, and how much goes on there."""

from __future__ import annotations

import pytest

from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.places.models import Home
from neighbourly.territories.models import Territory, TerritoryCell
from tests.factories.listings import ask, offer
from tests.people import ANA_CELL, BOB_CELL, CLEO_CELL, FAR_CELL

SQUARE = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 43]]]}


@pytest.fixture
def quartiers(app):
    """Three neighbourhoods of one cell each, where Ana, Bob and Cleo live."""
    made = []
    for code, cell in (("A", ANA_CELL), ("B", BOB_CELL), ("C", CLEO_CELL)):
        territory = Territory(id=new_id(), code=code, name=f"Quartier {code}", finest_resolution=9, boundary=SQUARE)
        db.session.add(territory)
        db.session.flush()
        town = cells.coarsen(cell, cells.TOWN)
        db.session.add(TerritoryCell(cell=cell, territory_id=territory.id, town_cell=town))
        made.append(territory)
    db.session.commit()
    return made


def settle(user, territory):
    db.session.get(Home, user.id).neighbourhood_id = territory.id
    db.session.flush()


def codes(answer):
    return [item["code"] for item in answer.json["items"]]


def test_the_nearest_comes_first_and_what_is_nobodys_is_the_installations_own(client, quartiers):
    assert codes(client.get(f"/v1/neighbourhoods?near={ANA_CELL}")) == ["A", "own", "B", "C"]
    assert codes(client.get(f"/v1/neighbourhoods?near={FAR_CELL}")) == ["own"]


def test_neighbourhoods_have_pages(client, quartiers):
    """REL-06: cursors over distance and id."""
    page, found = {"next": ""}, []
    while page["next"] is not None:
        cursor = f"&cursor={page['next']}" if page["next"] else ""
        page = client.get(f"/v1/neighbourhoods?near={ANA_CELL}&limit=1{cursor}").json
        found += [item["code"] for item in page["items"]]
    assert found == ["A", "own", "B", "C"]


@pytest.mark.parametrize("resolution", [0, 4, 7, 8, 9])
def test_a_place_may_be_as_large_as_it_likes(client, quartiers, resolution):
    near = cells.coarsen(ANA_CELL, resolution)
    assert client.get(f"/v1/neighbourhoods?near={near}").status_code == 200


def test_life_is_told_in_bands(client, quartiers, new_user):
    here = quartiers[0]
    users = [new_user(f"User{number} U.", home=ANA_CELL) for number in range(6)]
    for user in users:
        settle(user, here)
    for number in range(11):
        offer(users[0], f"Chose numéro {number}")
    ask(users[1])
    ask(users[1], status="draft")
    item = client.get(f"/v1/neighbourhoods?near={ANA_CELL}").json["items"][0]
    assert item == {
        "id": str(here.id),
        "code": "A",
        "name": "Quartier A",
        "finest_precision": "street",
        "life": {"neighbours": "5–9", "offers": "10–24", "requests": "0–4", "associations": "0–4"},
    }


def test_one_neighbourhood_has_its_boundary(client, quartiers):
    said = client.get(f"/v1/neighbourhoods/{quartiers[0].id}").json
    assert said["boundary"] == SQUARE
    assert said.keys() == {"id", "code", "name", "finest_precision", "life", "boundary"}


def test_the_installations_own_has_none(client, app):
    own = db.session.query(Territory).filter_by(is_own=True).one()
    assert client.get(f"/v1/neighbourhoods/{own.id}").json["boundary"] is None


def test_an_unknown_neighbourhood_is_not_found(client):
    assert client.get(f"/v1/neighbourhoods/{new_id()}").status_code == 404


def test_neighbourhoods_are_one_statement(client, quartiers, statements):
    path = f"/v1/neighbourhoods/{quartiers[0].id}"
    with statements() as seen:
        client.get(f"/v1/neighbourhoods?near={ANA_CELL}")
    assert len(seen) == 1
    with statements() as seen:
        client.get(path)
    assert len(seen) == 1


def test_an_unchanged_neighbourhood_is_not_sent_again(client, quartiers):
    """REL-05: If-None-Match gives 304."""
    path = f"/v1/neighbourhoods/{quartiers[0].id}"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
