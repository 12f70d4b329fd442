"""Who is told of an offer: those whose searches reach its place and take its kind and category."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from neighbourly.accounts.models import Block
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.preferences.models import Preferences, SavedSearch
from neighbourly.preferences.selectors import list_searches_reaching
from neighbourly.preferences.service import save_search
from tests import people
from tests.factories.listings import actor

FILL = """
INSERT INTO users (id, display_name, language, role, state, created_at, updated_at)
  SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'N', 'fr', 'neighbour', 'active', :now, :now
  FROM generate_series(1, 4000) AS n;

INSERT INTO preferences (user_id, reach_m, reach, time_zone, urgent_may_wake, asks_per_week, digest, created_at,
    updated_at)
  SELECT id, 1000, box(at - point(1500, 1500), at + point(1500, 1500)), 'Europe/Paris', false, 3, 'weekly', :now, :now
  FROM users, LATERAL (SELECT point(:x + right(id::text, 4)::int * 100, :y) AS at) AS place
  WHERE display_name = 'N';

INSERT INTO homes (user_id, cell, precision, location, created_at, updated_at)
  SELECT user_id, :cell, 'street', center(reach), :now, :now
  FROM preferences JOIN users ON id = user_id
  WHERE display_name = 'N';

INSERT INTO saved_searches (id, user_id, q, reach, created_at, updated_at)
  SELECT gen_random_uuid(), user_id, 'un vélo', reach, :now, :now
  FROM preferences JOIN users ON id = user_id
  WHERE display_name = 'N';

ANALYZE users, homes, preferences, saved_searches
"""


def look_for(user, **said) -> SavedSearch:
    search, _new = save_search(actor=actor(user), **({"q": "un vélo"} | said))
    db.session.commit()
    return search


def found(*, by, cell=people.ANA_CELL, kind="item", category="bikes", limit=100):
    return list_searches_reaching(cell, kind=kind, category=category, but_for=by.id, limit=limit)


def ids(searches):
    return [each.id for each in searches]


def test_all_that_is_needed_to_weigh_it_is_there(ana, bob):
    usual = look_for(bob)
    own = look_for(bob, q="une remorque", category="bikes", radius_m=900)
    own.encoder, own.vector = "length-1", b"xy"
    db.session.commit()
    first, second = found(by=ana)
    reach_m = db.session.get_one(Preferences, bob.id).reach_m
    assert (first.id, first.user_id, first.q, first.radius_m) == (usual.id, bob.id, "un vélo", reach_m)
    assert (first.kind, first.category, first.vector, first.encoder) == (None, None, None, None)
    assert (second.id, second.q, second.radius_m, second.home) == (own.id, "une remorque", 900, people.BOB_CELL)
    assert (second.kind, second.category, second.vector, second.encoder) == ("item", "bikes", b"xy", "length-1")


def test_only_what_reaches_the_place_is_found(ana, bob, cleo, stranger):
    near = look_for(bob, radius_m=400)
    look_for(cleo, radius_m=400)
    look_for(stranger, radius_m=50_000)
    assert ids(found(by=ana)) == [near.id]


def test_nobody_is_told_of_their_own(ana):
    look_for(ana)
    assert found(by=ana) == []


@pytest.mark.parametrize("sides", [("ana", "bob"), ("bob", "ana")])
def test_nobody_behind_a_block_is_told(request, ana, bob, sides):
    """SEC-03: either way."""
    look_for(bob)
    blocker, blocked = (request.getfixturevalue(name) for name in sides)
    db.session.add(Block(blocker_id=blocker.id, blocked_id=blocked.id))
    db.session.commit()
    assert found(by=ana) == []


@pytest.mark.parametrize("state", ["suspended", "erased"])
def test_who_is_not_active_is_not_told(ana, bob, state):
    look_for(bob)
    bob.state = state
    db.session.commit()
    assert found(by=ana) == []


@pytest.mark.parametrize(
    ("said", "kind", "category", "taken"),
    [
        ({}, "item", "saws", True),
        ({}, None, None, True),
        ({"kind": "item"}, "item", None, True),
        ({"kind": "item"}, "item", "saws", True),
        ({"kind": "item"}, None, None, True),
        ({"kind": "skill"}, "item", "saws", False),
        ({"category": "saws"}, "item", "saws", True),
        ({"category": "tools"}, "item", "saws", True),
        ({"category": "saws"}, "item", "tools", False),
        ({"category": "power-drills"}, "item", "saws", False),
        ({"category": "saws"}, "item", None, False),
        ({"category": "saws"}, None, None, False),
    ],
)
def test_a_search_takes_its_kind_and_category_and_those_beneath(ana, bob, said, kind, category, taken):
    look_for(bob, **said)
    assert bool(found(by=ana, kind=kind, category=category)) is taken


def test_whoever_waits_longest_comes_first(ana, bob, cleo):
    first, second = look_for(cleo), look_for(bob)
    look_for(cleo)
    assert ids(found(by=ana, limit=2)) == [first.id, second.id]


def test_an_index_over_places_answers(app, ana):
    """However many look for things elsewhere."""
    x, y = cells.mercator(people.ANA_CELL)
    values = {"x": x, "y": y, "cell": people.ANA_CELL, "now": clock.now()}
    for statement in FILL.split(";"):
        db.session.execute(text(statement), {name: each for name, each in values.items() if f":{name}" in statement})
    ran: list[tuple[str, object]] = []

    def note(*args: object) -> None:
        ran.append((str(args[2]), args[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    list_searches_reaching(people.ANA_CELL, kind="item", category="bikes", but_for=ana.id, limit=50)
    event.remove(db.engine, "before_cursor_execute", note)
    [(statement, given)] = [each for each in ran if each[0].startswith("SELECT")]
    plan = "\n".join(db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", given).scalars())
    assert "ix_saved_searches_reach" in plan, plan
    assert "Seq Scan on saved_searches" not in plan, plan
