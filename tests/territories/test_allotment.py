"""Whose cell is whose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.territories.allotment import allot


@pytest.mark.parametrize(
    ("claims", "held", "holders", "refused"),
    [
        ({"a": "12"}, {}, {"1": "a", "2": "a"}, {}),
        ({"a": "12", "b": "23"}, {}, {"1": "a", "2": "a", "3": "b"}, {"b": {"a": 1}}),
        ({"b": "23", "a": "12"}, {}, {"2": "b", "3": "b", "1": "a"}, {"a": {"b": 1}}),
        ({"a": "12"}, {"2": "x"}, {"1": "a", "2": "x"}, {"a": {"x": 1}}),
        ({"a": "2"}, {"1": "a", "2": "a"}, {"2": "a"}, {}),
        ({"a": "1", "b": "23"}, {"1": "a", "2": "a"}, {"1": "a", "2": "b", "3": "b"}, {}),
        ({"b": "23", "a": "12"}, {"2": "a"}, {"1": "a", "2": "a", "3": "b"}, {"b": {"a": 1}}),
        ({"a": ""}, {"1": "a", "2": "x"}, {"2": "x"}, {}),
    ],
)
def test_a_cell_stays_with_who_holds_it_and_a_free_one_goes_to_the_first(claims, held, holders, refused):
    outcome = allot({code: frozenset(cells) for code, cells in claims.items()}, held)
    assert outcome.holders == holders
    assert outcome.refused == refused
    assert outcome.moved == {cell for cell in held | holders if held.get(cell) != holders.get(cell)}


cells = st.frozensets(st.sampled_from("123456"))
states = st.dictionaries(st.sampled_from("123456"), st.sampled_from("abcx"))


@given(st.dictionaries(st.sampled_from("abc"), cells), states)
def test_claiming_twice_changes_nothing(claims, held):
    once = allot(claims, held)
    twice = allot(claims, once.holders)
    assert twice.holders == once.holders
    assert twice.moved == frozenset()


@given(st.dictionaries(st.sampled_from("abc"), cells), states)
def test_no_claim_takes_what_another_keeps_and_none_is_lost(claims, held):
    outcome = allot(claims, held)
    for code, claimed in claims.items():
        refused = sum(outcome.refused.get(code, {}).values())
        assert {cell for cell, holder in outcome.holders.items() if holder == code} <= claimed
        assert len(claimed) == refused + list(outcome.holders.values()).count(code)
    assert all(outcome.holders[cell] == holder for cell, holder in held.items() if holder not in claims)
