"""Places to look from are counted."""

import time
from dataclasses import replace

import pytest
import time_machine
from flask import current_app

from neighbourly.accounts.selectors import Actor
from neighbourly.core import cells
from neighbourly.core.api import limits
from neighbourly.core.errors import TooManyRequests
from neighbourly.places.looking import look_from
from tests import people

PLACES = sorted(cells.rings(people.ANA_CELL, 10))


@pytest.fixture
def app(app, monkeypatch):
    """The app with its limits on."""
    monkeypatch.setitem(app.extensions, "neighbourly.limiter", None)
    limits.init_app(app, replace(app.extensions["neighbourly.settings"], limits=True))
    return app


@pytest.fixture
def dora(app, own):
    return people.make("Dora D.", home=PLACES[-1])


@pytest.fixture
def look(dora):
    """`look(cell)` as Dora."""
    return lambda cell: looks(dora, cell)


def looks(user, cell):
    actor = Actor(user.id, user.display_name, "fr", "neighbour", None, user.id)
    with current_app.test_request_context():
        look_from(actor=actor, cell=cell)


def test_a_hundred_places_an_hour_are_too_many(look):
    """LOC-07"""
    for place in PLACES[:50]:
        look(place)
    with pytest.raises(TooManyRequests) as refusal:
        look(PLACES[50])
    assert 0 < int(refusal.value.headers["Retry-After"]) <= 3600


def test_so_are_a_hundred_places_to_search_from(app, dora):
    """LOC-07"""
    client = people.sign_in(app, dora)
    answers = [client.get("/v1/listings", query_string={"near": place}) for place in PLACES[:100]]
    assert [answer.status_code for answer in answers] == [200] * 50 + [429] * 50
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get("/v1/listings", query_string={"near": PLACES[0]}).status_code == 200
    assert client.get("/v1/listings").status_code == 200, "from home"


def test_known_places_and_ones_own_home_are_free(look, statements):
    """LOC-07"""
    for place in PLACES[:50]:
        look(place)
    look(PLACES[-1])
    with statements() as seen:
        for place in [*PLACES[:50], PLACES[-1]]:
            look(place)
    assert seen == []


def test_a_place_that_was_refused_is_still_refused(look):
    """LOC-07"""
    for place in PLACES[:50]:
        look(place)
    for _ in range(2):
        with pytest.raises(TooManyRequests):
            look(PLACES[50])


def test_two_hundred_places_a_day_are_too_many(look):
    """LOC-07"""
    start = time.time()
    for hour in range(4):
        with time_machine.travel(start + hour * 3601, tick=False):
            for place in PLACES[hour * 50 : hour * 50 + 50]:
                look(place)
    with time_machine.travel(start + 4 * 3601, tick=False), pytest.raises(TooManyRequests):
        look(PLACES[200])
    with time_machine.travel(start + 25 * 3600, tick=False):
        look(PLACES[200])


def test_everyone_is_counted_apart(look, app):
    for place in PLACES[:50]:
        look(place)
    looks(people.make("Emil E."), PLACES[50])


def test_moving_counts_too(look, dora, app):
    """LOC-07: else a home that moves and moves would be a way around."""
    for place in PLACES[:49]:
        look(place)
    client = people.sign_in(app, dora)
    towns = sorted({cells.coarsen(cell, cells.TOWN) for cell in PLACES})
    assert client.put("/v1/me/home", json={"cell": towns[0]}).status_code == 200
    refused = client.put("/v1/me/home", json={"cell": towns[1]})
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"]
    assert client.get("/v1/me/home").json["cell"] == towns[0]


def test_what_is_remembered_is_no_track(look, app):
    """GDP-05"""
    look(PLACES[0])
    assert PLACES[0] not in " ".join(app.extensions["neighbourly.limiter"].storage.storage)
