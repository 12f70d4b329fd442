"""Neighbourhoods around a place, and how much goes on there."""

from __future__ import annotations

import pytest

from neighbourly.accounts.models import User
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.places.models import Home
from neighbourly.search import jobs
from neighbourly.territories.models import Territory, TerritoryCell
from tests import people
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


@pytest.fixture
def week(later):
    """`week()`: eight days have passed, and the figures were counted each night."""

    def passes(days: int = 8) -> None:
        for _ in range(days):
            later(days=1)
            jobs.recount_life()

    return passes


@pytest.fixture
def life(client, quartiers):
    """`life()`: what anyone is told of Ana's neighbourhood."""
    return lambda: client.get(f"/v1/neighbourhoods/{quartiers[0].id}").json["life"]


def test_life_is_told_in_bands(client, quartiers, new_user):
    here = quartiers[0]
    users = [new_user(f"User{number} U.", home=ANA_CELL) for number in range(11)]
    for user in users:
        settle(user, here)
    for number in range(25):
        offer(users[0], f"Chose numéro {number}")
    ask(users[1])
    ask(users[1], status="draft")
    jobs.recount_life()
    item = client.get(f"/v1/neighbourhoods?near={ANA_CELL}").json["items"][0]
    assert item == {
        "id": str(here.id),
        "code": "A",
        "name": "Quartier A",
        "finest_precision": "street",
        "life": {"neighbours": "11–24", "offers": "25–49", "requests": "0–10", "associations": "0–10"},
    }


def test_a_new_neighbourhood_tells_a_few(client, quartiers, life):
    assert set(life().values()) == {"0–10"}


def test_four_accounts_of_ones_own_do_not_show_one_neighbour_come_and_go(quartiers, new_user, life, week):
    """LOC-12: at no number of them, at once or from week to week."""
    her = new_user("Vera V.", home=ANA_CELL)
    settle(her, quartiers[0])
    her_id, here = her.id, quartiers[0].id
    for number in range(12):
        assert life()["neighbours"] == "0–10"
        settle(new_user(f"Own{number} O.", home=ANA_CELL), quartiers[0])
    week()
    told = life()["neighbours"]
    for _ in range(2):
        db.session.delete(db.session.get_one(Home, her_id))
        db.session.commit()
        assert life()["neighbours"] == told
        week()
        assert life()["neighbours"] == told
        people.move(db.session.get_one(User, her_id), ANA_CELL)
        db.session.get_one(Home, her_id).neighbourhood_id = here
        db.session.commit()
        week()
        assert life()["neighbours"] == told


def test_who_came_this_month_is_not_counted(quartiers, new_user, life, week):
    """LOC-12: accounts of a minute tip nothing; those who stay count in the end."""
    for number in range(30):
        user = new_user(f"Own{number} O.", home=ANA_CELL)
        settle(user, quartiers[0])
        people.settle(user, 1)
    week()
    assert life()["neighbours"] == "0–10"
    week(28)
    assert life()["neighbours"] == "25–49"


def test_figures_stay_for_a_week(quartiers, new_user, life, week):
    jobs.recount_life()
    for number in range(15):
        settle(new_user(f"N{number} N.", home=ANA_CELL), quartiers[0])
    week(6)
    assert life()["neighbours"] == "0–10"
    week(2)
    assert life()["neighbours"] == "11–24"


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
