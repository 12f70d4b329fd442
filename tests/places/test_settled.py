"""LOC-12: since when somebody lives in a neighbourhood, which what counts people goes by."""

from datetime import timedelta

import pytest

from neighbourly.core import clock
from neighbourly.core.cells import STREET, TOWN, coarsen, snap
from neighbourly.core.db import db
from neighbourly.places import selectors
from neighbourly.places.models import Home
from tests import people

LONG_AGO = timedelta(days=100)
ELSEWHERE = snap(48.6493, -2.0257)


@pytest.fixture
def dora(new_user, as_, city):
    """Someone who has lived in one street of Toulouse for a hundred days, by her own word."""
    user = new_user("Dora D.")
    assert as_(user).put("/v1/me/home", json={"cell": city[STREET][0]}).status_code == 200
    people.settle(user, LONG_AGO.days)
    return user


def is_none_at(cell):
    return selectors.neighbourhood_at(cell, None) is None


def lived_there(user):
    return clock.now() - db.session.get_one(Home, user.id).since


def test_who_has_just_come_is_settled_after_thirty_days(dora):
    for days, settled in ((0, False), (29, False), (30, True)):
        people.settle(dora, days)
        assert selectors.is_settled(dora.id) is settled
    here = selectors.get_home(dora.id).neighbourhood_id
    assert selectors.is_settled(dora.id, here)
    assert not selectors.is_settled(dora.id, dora.id)


def test_a_first_home_begins_now(new_user, as_, city):
    newcomer = new_user("Nour N.")
    assert not selectors.is_settled(newcomer.id)
    as_(newcomer).put("/v1/me/home", json={"cell": city[STREET][0]})
    assert lived_there(newcomer) < timedelta(minutes=1)
    assert not selectors.is_settled(newcomer.id)


def test_moving_within_the_neighbourhood_counts_on(dora, as_, city):
    here = selectors.get_home(dora.id)
    street = next(
        each
        for each in city[STREET]
        if each != here.cell and selectors.neighbourhood_at(each, None) == here.neighbourhood_id
    )
    assert as_(dora).put("/v1/me/home", json={"cell": street}).json["cell"] == street
    assert lived_there(dora) > LONG_AGO - timedelta(minutes=1)
    assert as_(dora).put("/v1/me/home", json={"cell": street}).status_code == 200
    assert lived_there(dora) > LONG_AGO - timedelta(minutes=1)


@pytest.mark.parametrize("there", ["another", "none", "forgotten"])
def test_another_neighbourhood_begins_anew_also_for_who_comes_back(dora, as_, city, there):
    here = db.session.get_one(Home, dora.id).cell
    if there == "forgotten":
        assert as_(dora).delete("/v1/me/home").status_code == 204
    else:
        away = {"cell": ELSEWHERE} if there == "another" else {"cell": city[TOWN][0], "precision": "town"}
        assert as_(dora).put("/v1/me/home", json=away).status_code == 200
        assert lived_there(dora) < timedelta(minutes=1)
    assert as_(dora).put("/v1/me/home", json={"cell": here}).status_code == 200
    assert lived_there(dora) < timedelta(minutes=1)


def test_without_a_neighbourhood_another_town_begins_anew(new_user, as_, city):
    user = new_user("Elsa E.")
    towns = [town for town in {coarsen(cell, TOWN): 1 for cell in city[TOWN]} if is_none_at(town)]
    as_(user).put("/v1/me/home", json={"cell": towns[0], "precision": "town"})
    people.settle(user, LONG_AGO.days)
    as_(user).put("/v1/me/home", json={"cell": towns[0], "precision": "town"})
    assert lived_there(user) > timedelta(days=99)
    as_(user).put("/v1/me/home", json={"cell": towns[1], "precision": "town"})
    assert lived_there(user) < timedelta(minutes=1)


def test_a_redrawn_map_takes_nobodys_time(bob, own, request):
    people.settle(bob, LONG_AGO.days)
    assert selectors.get_home(bob.id).neighbourhood_id is None
    request.getfixturevalue("city")
    assert selectors.get_home(bob.id).neighbourhood_id is not None
    assert lived_there(bob) > timedelta(days=99)


def test_nobody_else_is_told(dora, as_, new_user, city):
    other = new_user("Otto O.", home=city[STREET][0])
    for who, path in ((other, f"/v1/neighbours/{dora.id}"), (dora, "/v1/me/home")):
        assert "since" not in as_(who).get(path).json
