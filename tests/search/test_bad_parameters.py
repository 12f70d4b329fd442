"""Everything has a ceiling, and what is out of it is named (SEC-16)."""

from __future__ import annotations

import base64

import pytest

from neighbourly.core import cells
from tests.factories.listings import offer

FINE = "8a39601ae2b7fff"
HUGE = 10**9


def b64(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("radius_m=0", "/radius_m", "out_of_range"),
        ("radius_m=99", "/radius_m", "out_of_range"),
        (f"radius_m={HUGE}", "/radius_m", "out_of_range"),
        ("radius_m=near", "/radius_m", "wrong_type"),
        ("radius_m=nan", "/radius_m", "wrong_type"),
        ("radius_m=1e3", "/radius_m", "wrong_type"),
        ("limit=0", "/limit", "out_of_range"),
        ("limit=101", "/limit", "out_of_range"),
        (f"limit={HUGE}", "/limit", "out_of_range"),
        ("limit=-1", "/limit", "out_of_range"),
        ("cursor=nonsense", "/cursor", "bad_cursor"),
        ("cursor=%C3%A9", "/cursor", "bad_cursor"),
        (f"cursor={b64('[]')}", "/cursor", "bad_cursor"),
        (f"cursor={b64('[1,2,3,4,5]')}", "/cursor", "bad_cursor"),
        (f"cursor={b64('{}')}", "/cursor", "bad_cursor"),
        (f"cursor={b64('[null,null,null]')}", "/cursor", "bad_cursor"),
        (f"cursor={b64('[[],[],[]]')}", "/cursor", "bad_cursor"),
        (f"cursor={'a' * 501}", "/cursor", "too_long"),
        (f"sort=recent&cursor={b64('[1.0, 2.0, 3.0]')}", "/cursor", "bad_cursor"),
        ("near=somewhere", "/near", "not_a_cell"),
        ("near=", "/near", "not_a_cell"),
        ("near=43.6,1.44", "/near", "not_a_cell"),
        ("near=ffffffffffffffff", "/near", "not_a_cell"),
        (f"near={FINE}", "/near", "cell_too_fine"),
        ("kind=dragon", "/kind", "not_a_choice"),
        ("direction=up", "/direction", "not_a_choice"),
        ("category=dragons", "/category", "unknown_category"),
        ("sort=price", "/sort", "not_a_choice"),
        (f"q={'x' * 201}", "/q", "bad_length"),
        ("q=%01", "/q", "control_character"),
        ("owner_id=1", "/owner_id", "unknown_field"),
        ("lat=43.6", "/lat", "unknown_field"),
    ],
)
def test_what_does_not_fit_is_named(as_, ana, query, pointer, code):
    """SEC-16, LOC-10: 422 with its place and its code, never 500."""
    answer = as_(ana).get(f"/v1/listings?{query}")
    assert answer.status_code == 422, answer.json
    assert (answer.json["errors"][0]["pointer"], answer.json["errors"][0]["code"]) == (pointer, code)
    assert FINE not in answer.text


@pytest.mark.parametrize("query", ["q=%00", "near=%00", "cursor=%00", "category=%00x"])
def test_nul_is_refused_everywhere(as_, ana, query):
    """SEC-16: U+0000 is 4xx, never 500."""
    assert 400 <= as_(ana).get(f"/v1/listings?{query}").status_code < 500


@pytest.mark.parametrize(
    "values", ['["nan","2026-01-01","x"]', '[1e308,"2026-01-01T00:00:00Z",5]', '[true,"9999-12-31T23:59:59+00:00","1"]']
)
def test_forged_cursors_do_no_harm(as_, ana, bob, values):
    offer(bob)
    assert as_(ana).get(f"/v1/listings?cursor={b64(values)}").status_code in (200, 422)


@pytest.mark.parametrize("near", ["8001fffffffffff", "80f3fffffffffff", "8025fffffffffff"])
def test_the_ends_of_the_earth_are_places_too(as_, ana, near):
    """A cell at a pole or at the date line is looked from like any other."""
    assert cells.resolution_of(near) == 0
    assert as_(ana).get(f"/v1/listings?near={near}&radius_m=50000").json["items"] == []


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("", "/near", "required"),
        ("near=somewhere", "/near", "not_a_cell"),
        (f"near={FINE}", "/near", "cell_too_fine"),
        (f"near=8939601ae2bffff&limit={HUGE}", "/limit", "out_of_range"),
        ("near=8939601ae2bffff&cursor=nonsense", "/cursor", "bad_cursor"),
    ],
)
def test_what_does_not_fit_a_neighbourhood_is_named(client, query, pointer, code):
    """SEC-16, LOC-10: the same for neighbourhoods."""
    answer = client.get(f"/v1/neighbourhoods?{query}")
    assert answer.status_code == 422
    assert (answer.json["errors"][0]["pointer"], answer.json["errors"][0]["code"]) == (pointer, code)


def test_looking_around_asks_who_is_calling(client):
    """SEC-01: listings are for members."""
    assert client.get("/v1/listings").status_code == 401
