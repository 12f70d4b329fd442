"""LOC-12: a neighbourhood is told only where it and the cell together hold eleven households."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from neighbourly.core import cells
from neighbourly.core.cells import DISTRICT, STREET, TOWN, holds_enough
from neighbourly.core.db import db
from neighbourly.places import jobs
from neighbourly.places.models import Home
from neighbourly.territories import service as territories
from neighbourly.territories.models import Territory
from tests import people
from tests.factories.listings import offer
from tests.territories.shapes import feature, outlines, square

WEST, SOUTH, SIZE = 1.300, 43.750, 0.006
WITHIN = {"lat": 43.7525, "lon": 1.303}


@pytest.fixture
def draw(own):
    """`draw(households=5)`: a hamlet of half a kilometre is on the map, alone among fields."""

    def bring(households, size=SIZE):
        shape = feature("hamlet", square(WEST, SOUTH, size), households=households)
        result = territories.import_territories(outlines=outlines(shape))
        db.session.commit()
        db.session.expire_all()
        return result

    return bring


@pytest.fixture
def dora(new_user):
    return new_user("Dora D.")


@pytest.mark.parametrize(
    ("households", "within", "of", "enough"),
    [
        (5, 4, 4, False),
        (10, 1, 1, False),
        (11, 1, 1, True),
        (22, 1, 2, True),
        (21, 1, 2, False),
        (5000, 1, 400, True),
        (None, 6, 400, False),
        (None, 7, 400, True),
        (0, 49, 49, False),
    ],
)
def test_a_part_is_large_enough_by_public_figures_alone(households, within, of, enough):
    assert holds_enough(households, within=within, of=of) is enough


@pytest.mark.parametrize("size", [0.002, SIZE])
def test_a_hamlet_of_five_households_is_neither_chosen_nor_shown(draw, as_, dora, ana, size):
    """The journey: a home among them, the hamlet chosen, and anyone who looks at the face."""
    result = draw(5, size)
    assert result.too_small == ("hamlet",)
    hamlet = str(db.session.query(Territory).filter_by(code="hamlet").one().id)
    home = as_(dora).put("/v1/me/home", json=WITHIN).json
    assert (home["precision"], home["finest_precision"]) == ("town", "town")
    assert hamlet not in {each["id"] for each in home["choices"]}
    chosen = as_(dora).put("/v1/me/home", json={"cell": home["cell"], "neighbourhood_id": hamlet})
    assert (chosen.status_code, chosen.json["errors"][0]["code"]) == (422, "not_here")
    thing = offer(dora)
    for path in (f"/v1/neighbours/{dora.id}", f"/v1/listings/{thing.id}", "/v1/listings"):
        assert hamlet not in as_(ana).get(path).text
        assert "hamlet" not in as_(ana).get(path).text
    assert db.session.get_one(Home, dora.id).neighbourhood_id != hamlet


def test_a_hamlet_with_enough_of_them_is_chosen_as_before(draw, as_, dora, ana):
    """LOC-11: the honest path."""
    assert not draw(12).too_small
    home = as_(dora).put("/v1/me/home", json=WITHIN).json
    (hamlet,) = (each for each in home["choices"] if each["code"] == "hamlet")
    as_(dora).put("/v1/me/home", json={"cell": home["cell"], "neighbourhood_id": hamlet["id"]})
    assert as_(ana).get(f"/v1/neighbours/{dora.id}").json["neighbourhood"]["code"] == "hamlet"


def test_a_home_that_chose_it_follows_when_a_count_says_five(draw, as_, dora, ana):
    draw(12)
    home = as_(dora).put("/v1/me/home", json=WITHIN).json
    (hamlet,) = (each for each in home["choices"] if each["code"] == "hamlet")
    as_(dora).put("/v1/me/home", json={"cell": home["cell"], "neighbourhood_id": hamlet["id"]})
    draw(5)
    shown = as_(ana).get(f"/v1/neighbours/{dora.id}").json["neighbourhood"]
    assert shown is None or shown["code"] != "hamlet"


@pytest.mark.parametrize("resolution", [STREET, DISTRICT, TOWN])
def test_homes_from_before_the_rule_follow_at_night(draw, as_, app, dora, ana, resolution):
    """Whatever precision they had: as a database has them that was just brought up to date."""
    draw(5)
    hamlet = db.session.query(Territory).filter_by(code="hamlet").one().id
    people.move(dora, cells.coarsen(cells.snap(**WITHIN), resolution))
    thing = offer(dora).id
    db.session.execute(update(Home).where(Home.user_id == dora.id).values(neighbourhood_id=hamlet))
    db.session.commit()
    with app.app_context():
        jobs.refit_small()
    db.session.expire_all()
    home = db.session.get_one(Home, dora.id)
    assert (home.precision, home.neighbourhood_id == hamlet) == ("town", False)
    assert as_(ana).get(f"/v1/listings/{thing}").json["cell"] == home.cell
    version = home.version
    with app.app_context():
        jobs.refit_small()
    db.session.expire_all()
    assert db.session.get_one(Home, dora.id).version == version, "where all do, nothing changes"


def test_an_import_says_where_a_neighbourhood_is_too_narrow(own):
    """A long one reaches a few metres into the next large cell."""
    cell = cells.coarsen(cells.snap(**WITHIN), TOWN)
    held = sorted(cells.children(cell, STREET))
    result = territories.import_territories(
        outlines=outlines(feature("wide", square(WEST, SOUTH, 0.03), households=60), feature("b", square(1.5, 43.6)))
    )
    assert held
    assert result.too_small == ()
    assert result.narrow["wide"] >= 1
