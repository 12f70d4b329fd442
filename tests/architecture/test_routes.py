"""What every route has in common."""

from __future__ import annotations

import pytest

from neighbourly.core.api.auth import Auth
from neighbourly.core.api.blueprint import CONTRACTS, Blueprint
from neighbourly.core.errors import Problem
from neighbourly.reactions import REACTIONS

AUTOMATIC = {"HEAD", "OPTIONS"}


def test_each_route_declares_who_may_call_it(app):
    """SEC-01: every rule of the URL map has a contract, and its `auth` is one of the known ones."""
    for rule in app.url_map.iter_rules():
        for method in rule.methods - AUTOMATIC:
            assert isinstance(CONTRACTS[(method, rule.endpoint)].auth, Auth), rule


def test_a_route_without_auth_stops_the_program_at_import():
    """SEC-01: leaving `auth` out is a TypeError where the route is declared."""
    bp = Blueprint("careless", __name__)
    with pytest.raises(TypeError, match="auth"):
        bp.get("/open-to-whom")(lambda: None)


def test_the_names_of_views_are_unique_operation_ids(app):
    names = [endpoint.rpartition(".")[2] for _, endpoint in CONTRACTS]
    assert sorted(names) == sorted(set(names))


def _all_problems(family=Problem):
    for each in family.__subclasses__():
        yield each
        yield from _all_problems(each)


def test_codes_of_problems_are_unique_and_speak_both_languages(app):
    codes = [each.code() for each in _all_problems()]
    assert sorted(codes) == sorted(set(codes))
    for each in _all_problems():
        assert set(each.title) == {"fr", "en"}
        assert all(each.title.values())


def test_events_have_their_reactions_wired_to_functions(app):
    assert all(callable(reaction) for reactions in REACTIONS.values() for reaction in reactions)
