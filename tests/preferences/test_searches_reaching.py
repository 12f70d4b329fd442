"""Who is told of an offer: those whose searches reach its place and take its kind and category."""

from __future__ import annotations

import pytest

from neighbourly.accounts.models import Block
from neighbourly.core.db import db
from neighbourly.preferences.models import Preferences, SavedSearch
from neighbourly.preferences.selectors import list_searches_reaching
from neighbourly.preferences.service import save_search
from tests import people
from tests.factories import crowd
from tests.factories.listings import actor


def look_for(user, **said) -> SavedSearch:
    search, _new = save_search(actor=actor(user), **({"q": "un vélo"} | said))
    db.session.commit()
    return search


def found(*, by, cell=people.ANA_CELL, kind="item", category="bikes", limit=100, after=None):
    return list_searches_reaching(cell, kind=kind, category=category, but_for=by.id, limit=limit, after=after)


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


def test_they_come_so_many_at_a_time_in_the_order_of_their_ids(ana, bob, cleo):
    made = sorted(each.id for each in (look_for(cleo), look_for(bob), look_for(cleo, q="une tente")))
    assert ids(found(by=ana, limit=2)) == made[:2]
    assert ids(found(by=ana, limit=2, after=made[1])) == made[2:]


def test_an_index_over_places_answers(app, ana):
    """However many look for things elsewhere."""
    crowd.settle()
    plan = crowd.plans_of(lambda: found(by=ana, limit=50))
    assert "ix_saved_searches_reach" in plan, plan
    assert "Seq Scan on saved_searches" not in plan, plan
