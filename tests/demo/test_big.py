"""A large installation is made fast, alike for one seed, and with all that the product relies on."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import select, text

from neighbourly.cli import database
from neighbourly.core import cells
from neighbourly.core.db import Base, db
from neighbourly.core.language.encoding import unpack
from neighbourly.demo import big
from neighbourly.demo.crowd import COLUMNS, Crowd, Size
from neighbourly.demo.towns import read_towns
from neighbourly.listings import reading
from neighbourly.listings.models import Listing, Meaning
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences

SIZE = Size(listings=600, neighbours=200, seed=7)


@pytest.fixture
def filled(real_app):
    told: list[int] = []
    before = indexes(real_app)
    big.load_big(database.conninfo(real_app), SIZE, told.append)
    assert sum(told) == big.steps(SIZE)
    assert indexes(real_app) == before
    with real_app.app_context():
        yield real_app


def indexes(app) -> set[str]:
    with psycopg.connect(database.conninfo(app)) as connection:
        rows = connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_as_many_are_there_as_were_asked_for_and_seven_in_ten_are_published(filled):
    statuses = Counter(db.session.scalars(select(Listing.status)))
    assert statuses.total() == SIZE.listings
    assert 0.6 < statuses["published"] / SIZE.listings < 0.8
    assert len(set(db.session.scalars(select(Listing.category)))) > 40
    assert db.session.scalar(text("SELECT count(*) FROM users JOIN devices ON devices.user_id = users.id")) == 200


def test_homes_and_listings_lie_at_the_centre_of_their_cells(filled):
    for home in db.session.scalars(select(Home)):
        assert home.location == pytest.approx(cells.mercator(home.cell))
        assert home.precision == {9: "street", 8: "district", 7: "town"}[cells.resolution_of(home.cell)]
    homes = dict(iter(db.session.execute(select(Home.user_id, Home.cell))))
    for listing in db.session.scalars(select(Listing)):
        assert listing.cell == homes[listing.owner_id]
        assert listing.location == pytest.approx(cells.mercator(listing.cell))
        assert 3 <= len(listing.title) <= 80


def test_reach_is_the_box_that_the_product_would_make(filled):
    rows = db.session.execute(select(Preferences, Home).join(Home, Home.user_id == Preferences.user_id))
    for preferences, home in rows:
        # The product adds half a metre, for distances are whole metres.
        assert preferences.reach == pytest.approx(cells.box_around(home.cell, preferences.reach_m), abs=2)


def test_an_installation_with_people_is_left_alone(filled):
    with pytest.raises(big.NotEmpty):
        big.load_big(database.conninfo(filled), SIZE, lambda _: None)


def test_the_same_seed_makes_the_same_crowd():
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    first, second = (list(Crowd(SIZE, now, "own").people(50)) for _ in range(2))
    assert first == second
    assert first != list(Crowd(Size(600, 200, seed=8), now, "own").people(50))


def test_each_line_names_columns_that_exist_and_all_that_must_be_said():
    for table, columns in COLUMNS.items():
        held = Base.metadata.tables[table].columns
        compulsory = {each.name for each in held if not each.nullable and not each.server_default and not each.computed}
        assert compulsory <= set(columns.split()) <= {each.name for each in held}, table


def test_three_hundred_towns_are_french():
    towns = read_towns()
    assert len(towns) == len({town.name for town in towns}) == 300
    assert all(41 < town.lat < 51.2 and -5 < town.lon < 9.7 for town in towns)
    assert towns[0].name == "Paris"
    assert min(town.population for town in towns) > 20_000


def test_what_is_published_has_a_meaning_where_anything_is_read(real_app, meaning):
    big.load_big(database.conninfo(real_app), SIZE, lambda _: None)
    with real_app.app_context():
        published = set(db.session.scalars(select(Listing.id).where(Listing.status == "published")))
        kept = db.session.execute(select(Meaning.listing_id, Meaning.encoder, Meaning.vector)).all()
    assert {each.listing_id for each in kept} == published
    assert {each.encoder for each in kept} == {reading.get_reader().version}
    assert unpack([kept[0].vector]).shape == (1, 585)
