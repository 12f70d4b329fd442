"""The demo's content is whole, plentiful and at home where a street may be shown."""

from collections import Counter
from dataclasses import replace

import h3
import pytest
from shapely.geometry import Point, shape

from neighbourly.core.language import fold
from neighbourly.demo.neighbourhood import (
    BOUNDARIES_FILE,
    CONTENT,
    HELPER,
    HEROINE,
    DemoContentError,
    DemoNeighbourhood,
    check,
    load,
)
from neighbourly.listings.guessing import guess


@pytest.fixture(scope="module")
def demo() -> DemoNeighbourhood:
    """The demo as it is shipped."""
    return load()


def home(demo: DemoNeighbourhood, email: str) -> str:
    return next(neighbour.cell for neighbour in demo.neighbours if neighbour.email == email)


def test_there_is_enough_to_look_at(demo):
    assert len(demo.neighbours) == 42
    assert len(demo.listings) == 120
    directions = Counter(listing.direction for listing in demo.listings)
    assert directions == {"offer": 100, "request": 20}
    assert {listing.kind for listing in demo.listings} == {"item", "skill", "time"}
    assert sum(neighbour.language == "en" for neighbour in demo.neighbours) in (4, 5)


def test_two_associations_lend_twenty_five_things(demo):
    associations = {neighbour.email for neighbour in demo.neighbours if neighbour.association}
    assert len(associations) == 2
    assert sum(listing.owner in associations for listing in demo.listings) == 25


def test_three_needs_of_three_neighbours_and_all_kinds_of_help_are_open(demo):
    asked = [listing for listing in demo.listings if listing.open_request]
    assert len({listing.owner for listing in asked}) == len(asked) == 3
    assert {listing.category for listing in asked} == {"party-dishes", "moving-help", "conversation"}


def test_everybody_takes_part(demo):
    assert {neighbour.email for neighbour in demo.neighbours} == {listing.owner for listing in demo.listings}


def test_titles_are_all_different(demo):
    assert len({fold(listing.title) for listing in demo.listings}) == len(demo.listings)


def test_a_newcomer_asking_for_a_drill_finds_waves_of_them(demo):
    lenders = {
        listing.owner
        for listing in demo.listings
        if listing.category == "power-drills" and listing.direction == "offer"
    }
    assert len(lenders) >= 6
    assert HELPER in lenders
    assert HEROINE not in lenders


def test_the_helper_is_the_nearest_drill_and_may_be_asked_at_any_hour(demo):
    here = h3.cell_to_latlng(home(demo, HEROINE))
    away = {
        listing.owner: h3.great_circle_distance(here, h3.cell_to_latlng(home(demo, listing.owner)), unit="m")
        for listing in demo.listings
        if listing.category == "power-drills"
    }
    helper = next(neighbour for neighbour in demo.neighbours if neighbour.email == HELPER)
    assert min(away, key=lambda owner: away[owner]) == HELPER
    assert 250 < away[HELPER] < 400
    assert (helper.quiet_hours, helper.away_days, helper.asks_per_week) == (None, None, None)


def test_neighbours_live_close_together_and_some_in_one_cell(demo):
    cells = Counter(neighbour.cell for neighbour in demo.neighbours)
    centres = [h3.cell_to_latlng(cell) for cell in cells]
    assert max(h3.great_circle_distance(one, other) for one in centres for other in centres) < 2
    assert sum(lived_in > 1 for lived_in in cells.values()) >= 10


def test_every_home_lies_in_the_quartier_it_names(demo):
    shapes = {one["properties"]["code"]: shape(one["geometry"]) for one in demo.boundaries["features"]}
    for neighbour in demo.neighbours:
        latitude, longitude = h3.cell_to_latlng(neighbour.cell)
        assert shapes[neighbour.quartier].contains(Point(longitude, latitude)), neighbour.email


def test_every_home_may_be_shown_at_its_street(demo):
    """LOC-04, LOC-06: all cells of resolution 9 in the home's cell of resolution 7 lie where enough households do."""
    dense = [shape(one["geometry"]) for one in demo.boundaries["features"] if households_per_cell(one) >= 11]
    for town in {h3.cell_to_parent(neighbour.cell, 7) for neighbour in demo.neighbours}:
        for cell in h3.cell_to_children(town, 9):
            latitude, longitude = h3.cell_to_latlng(cell)
            assert any(quartier.contains(Point(longitude, latitude)) for quartier in dense), cell


def households_per_cell(quartier: dict) -> float:
    """How many of its households an average cell of resolution 9 holds."""
    area = h3.geo_to_h3shape(quartier["geometry"])
    cells = len(h3.h3shape_to_cells(area, 11)) / 49
    return quartier["properties"]["households"] / cells


def test_the_boundaries_name_their_source_and_stay_small(demo):
    assert "Toulouse Métropole" in demo.boundaries["attribution"]
    assert demo.boundaries["license"] == "ODbL-1.0"
    assert BOUNDARIES_FILE.stat().st_size < 150_000
    assert "Open Database License" in (CONTENT / "ATTRIBUTION").read_text(encoding="utf-8")


def test_most_titles_would_be_guessed_as_they_are_filed(demo):
    right = sum(guess(listing.title).category == listing.category for listing in demo.listings)
    assert right >= 0.9 * len(demo.listings)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "karim@demo.neighbourly.example"}, "karim@demo.neighbourly.example is there more than once"),
        ({"email": "lea@example.org"}, "no address of the demo"),
        ({"language": "de"}, "speaks de"),
        ({"quartier": "75056"}, "unknown quartier, 75056"),
        ({"cell": "8a39601a84bffff"}, "no home cell of resolution 9"),
        ({"interests": ("unicorns",)}, "unknown categories: unicorns"),
    ],
)
def test_a_wrong_neighbour_is_named(demo, change, sentence):
    first, *others = demo.neighbours
    with pytest.raises(DemoContentError, match=sentence):
        check(replace(demo, neighbours=(replace(first, **change), *others)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"owner": "nobody@demo.neighbourly.example"}, "belongs to nobody"),
        ({"direction": "gift"}, "neither offer nor request"),
        ({"title": "Ab"}, "has 2 characters"),
        ({"description": "x" * 4001}, "over 4000"),
        ({"terms": None}, "terms that don't fit"),
        ({"open_request": True}, "cannot be an open request"),
        ({"helpers_needed": 2}, "needs no helpers"),
        ({"quantity": 0}, "has no copy"),
    ],
)
def test_a_wrong_listing_is_named(demo, change, sentence):
    first, *others = demo.listings
    with pytest.raises(DemoContentError, match=sentence):
        check(replace(demo, listings=(replace(first, **change), *others)))
