"""From where and how far one looks, what one never sees, and what a page costs."""

from __future__ import annotations

import base64
import json

import pytest
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from neighbourly.core import cells
from neighbourly.core.api.pagination import Page, page_of
from neighbourly.core.db import db
from neighbourly.listings.schemas import ListingSummarySchema
from neighbourly.listings.summaries import dump_page
from neighbourly.preferences.models import Preferences
from neighbourly.search.near import Wanted, find_near
from tests.factories.listings import ask, offer
from tests.people import ANA_CELL, BOB_CELL, CLEO_CELL


def ids(answer):
    return [item["id"] for item in answer.json["items"]]


def test_one_looks_from_home_nearest_first(as_, ana, bob, cleo, stranger):
    far, near = offer(cleo), offer(bob)
    offer(stranger)
    answer = as_(ana).get("/v1/listings")
    assert ids(answer) == [str(near.id), str(far.id)]
    assert [item["distance_m"] for item in answer.json["items"]] == [
        cells.metres_between(ANA_CELL, BOB_CELL),
        cells.metres_between(ANA_CELL, CLEO_CELL),
    ]
    assert answer.json["next"] is None
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_looks_as_far_as_ones_reach(as_, ana, bob, cleo):
    near, _far = offer(bob), offer(cleo)
    db.session.get(Preferences, ana.id).reach_m = 1000
    db.session.commit()
    assert ids(as_(ana).get("/v1/listings")) == [str(near.id)]
    assert len(ids(as_(ana).get("/v1/listings?radius_m=2000"))) == 2


def test_without_a_home_one_says_from_where(as_, new_user, bob):
    """The 409 names what is missing; a cell will do."""
    nora = new_user("Nora N.")
    listing = offer(bob)
    answer = as_(nora).get("/v1/listings")
    assert (answer.status_code, answer.json["code"]) == (409, "home_missing")
    assert ids(as_(nora).get(f"/v1/listings?near={ANA_CELL}")) == [str(listing.id)]


def test_ones_own_listings_do_not_appear(as_, ana):
    offer(ana)
    assert ids(as_(ana).get("/v1/listings")) == []


@pytest.mark.parametrize("blocker", ["ana", "bob"])
def test_a_block_hides_both_ways(as_, ana, bob, cleo, blocker):
    offer(ana)
    offer(bob)
    of_cleo = offer(cleo)
    one, other = (ana, bob) if blocker == "ana" else (bob, ana)
    as_(one).put(f"/v1/me/blocks/{other.id}")
    assert ids(as_(ana).get("/v1/listings")) == [str(of_cleo.id)]
    assert ids(as_(bob).get("/v1/listings")) == [str(of_cleo.id)]
    as_(one).delete(f"/v1/me/blocks/{other.id}")
    assert len(ids(as_(ana).get("/v1/listings"))) == 2


def test_two_who_live_in_one_cell_see_the_same(as_, ana, bob, cleo, new_user):
    """LOC-01: whatever two people of one cell ask, they get the same bytes."""
    eve = new_user("Eve E.", home=ANA_CELL)
    for number in range(5):
        offer(bob, f"Perceuse numéro {number}")
        ask(cleo, f"Scie numéro {number}")
    for query in ("", "?radius_m=700", "?q=perceuse&sort=relevance", "?sort=recent&limit=3", "?category=tools"):
        assert as_(ana).get(f"/v1/listings{query}").data == as_(eve).get(f"/v1/listings{query}").data


def test_the_radius_tells_no_more_than_the_distance(as_, ana, bob):
    """LOC-03: bisecting on the radius ends at the distance between two cells, which is told anyway."""
    offer(bob)
    client = as_(ana)
    told = client.get("/v1/listings").json["items"][0]["distance_m"]
    low, high = 100, 5000
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if ids(client.get(f"/v1/listings?radius_m={middle}")) else (middle + 1, high)
    assert low == told == cells.metres_between(ANA_CELL, BOB_CELL)


def test_a_cursor_holds_nothing_but_what_is_shown(as_, ana, bob):
    """LOC-03: its distance is the one between the centres of two cells that the caller knows."""
    offer(bob)
    offer(bob)
    cursor = as_(ana).get("/v1/listings?limit=1").json["next"]
    away, _created_at, _id = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    (ax, ay), (bx, by) = cells.mercator(ANA_CELL), cells.mercator(BOB_CELL)
    assert away == pytest.approx(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5, abs=1e-6)


def test_places_to_look_from_are_limited(app, as_, ana):
    """LOC-07: the 51st new place in an hour is refused; home and known places stay free."""
    app.extensions["neighbourly.limiter"] = FixedWindowRateLimiter(MemoryStorage())
    try:
        client = as_(ana)
        places = sorted(cells.rings(CLEO_CELL, 5) - {ANA_CELL})[:51]
        codes = [client.get(f"/v1/listings?near={place}").status_code for place in places]
        assert codes == [200] * 50 + [429]
        assert client.get(f"/v1/listings?near={places[0]}").status_code == 200
        assert client.get(f"/v1/listings?near={ANA_CELL}").status_code == 200
        assert client.get("/v1/listings").status_code == 200
    finally:
        app.extensions["neighbourly.limiter"] = None


@pytest.mark.parametrize(
    "query", ["", "?near={near}&radius_m=900", "?q=perceuse&sort=relevance&category=tools&kind=item&direction=offer"]
)
def test_a_page_is_three_statements_with_the_callers(as_, ana, bob, statements, query):
    for number in range(6):
        offer(bob, f"Perceuse numéro {number}")
    client = as_(ana)
    with statements() as seen:
        page = client.get("/v1/listings" + query.format(near=ANA_CELL)).json
        client.get("/v1/listings" + query.format(near=ANA_CELL) + f"&cursor={page['next']}" if page["next"] else "")
    assert len(page["items"]) == 6
    assert len([each for each in seen if "FROM" in each]) <= 3


def test_the_fast_dump_is_the_schemas_dump(ana, bob, cleo):
    """The document describes the list by its schema; the bytes come another way, and say the same."""
    offer(bob, description="Avec ses forets à béton, « comme neuve ».\n" * 9)
    ask(cleo, "Xyzzy blurb")
    items, following = find_near(Wanted(), viewer_id=ana.id, near=ANA_CELL, radius_m=5000, limit=1, cursor=None)
    rest, _none = find_near(Wanted(), viewer_id=ana.id, near=ANA_CELL, radius_m=5000, limit=9, cursor=following)
    page = Page(items + rest, following)
    fast, slow = json.loads(dump_page(page)), page_of(ListingSummarySchema)().dump(page)
    assert len(fast["items"]) == 2
    for one, other in zip(fast["items"], slow["items"], strict=True):
        assert list(one) == list(other)
        assert one == other
    assert fast == slow
