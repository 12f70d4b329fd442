"""LOC-03, TST-07: attacks on someone's place find the cell that everyone is shown, and nothing within it.

Each attack is made over HTTP on forty neighbours whose true homes we know, and once more on a service that leaks the
true distance: there it must succeed, or it proves nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import hypot
from statistics import median

import h3
import pytest

from neighbourly.core import cells
from neighbourly.core.cells import STREET, mercator, mercator_reach
from tests import people
from tests.places import attackers
from tests.places.attackers import Place

NEIGHBOURS = 40
NOISE_M = 1.0
"""Distances are told in whole metres: an attacker's estimate of a cell's centre is some decimetres off, either way."""


@dataclass(frozen=True)
class Target:
    """Someone attacked: their offer, where they truly live, and the cell that everyone is shown."""

    listing_id: str
    client: people.Client
    home: dict[str, float]
    cell: str

    @property
    def truth(self) -> Place:
        """Where they live, in Mercator metres."""
        return plane(self.home["lat"], self.home["lon"])


def plane(lat, lon):
    """A point in Mercator metres, by way of H3's finest cell: some decimetres."""
    return mercator(h3.latlng_to_cell(lat, lon, 15))


def error_m(estimate, target):
    """Metres on the ground between an estimate and the truth."""
    east, north = target.truth
    return hypot(estimate[0] - east, estimate[1] - north) / mercator_reach(1, target.cell)


def guess_m(targets):
    """The median error of whoever just guesses the centre of the cell shown."""
    return median(error_m(mercator(target.cell), target) for target in targets)


def home_in(cell, dice):
    """A point of the cell, anywhere in it."""
    while True:
        lat, lon = h3.cell_to_latlng(h3.child_pos_to_cell(cell, 13, dice.randrange(h3.cell_to_children_size(cell, 13))))
        if cells.snap(lat, lon) == cell:
            return {"lat": lat, "lon": lon}


@pytest.fixture
def dice():
    return random.Random(20261122)


@pytest.fixture
def targets(city, new_user, as_, dice):
    """Forty neighbours within a kilometre, each with an offer."""
    found = []
    streets = sorted(cells.rings(people.ANA_CELL, 4) & set(city[STREET]))
    for number in range(NEIGHBOURS):
        client = as_(new_user(f"Target{number} T."))
        home = home_in(dice.choice(streets), dice)
        cell = client.put("/v1/me/home", json=home).json["cell"]
        offer = client.post("/v1/listings", json={"title": "Une perceuse", "direction": "offer"})
        found.append(Target(offer.json["id"], client, home, cell))
    assert all(cells.snap(**target.home) == target.cell for target in found)
    return found


@pytest.fixture
def attacker(as_, stranger):
    return as_(stranger)


@pytest.fixture
def look(attacker):
    """`look(place, radius_m=…)`: what an attacker is shown from there, id → metres, in order."""

    def see(place, radius_m=50_000):
        query = {"near": place, "radius_m": radius_m, "limit": 100}
        answer = attacker.get("/v1/listings", query_string=query).json
        assert answer["next"] is None
        return {item["id"]: item["distance_m"] for item in answer["items"]}

    return see


def leaky(targets):
    """What a service that reckons from true homes would tell."""

    def see(place, radius_m=50_000):
        x, y = mercator(place)
        reach = mercator_reach(1, place)
        told = {each.listing_id: round(hypot(each.truth[0] - x, each.truth[1] - y) / reach) for each in targets}
        near = {listing_id: metres for listing_id, metres in told.items() if metres <= radius_m}
        return dict(sorted(near.items(), key=lambda item: item[1]))

    return see


def places_around(dice, count):
    return dice.sample(sorted(cells.rings(people.ANA_CELL, 20)), count)


def by_trilateration(see, targets, dice, count):
    places = places_around(dice, count)
    told = [see(place) for place in places]
    return median(
        error_m(attackers.trilaterate(places, [each[target.listing_id] for each in told]), target) for target in targets
    )


def by_radius(see, targets, dice):
    places = places_around(dice, 4)
    errors = []
    for target in targets:
        found = [
            attackers.bisect_radius(lambda metres, place=place: target.listing_id in see(place, metres))  # noqa: B023
            for place in places
        ]
        errors.append(error_m(attackers.trilaterate(places, found), target))
    return median(errors)


@pytest.mark.parametrize("count", [3, 10, 50])
def test_trilateration_finds_no_more_than_the_cell(targets, look, dice, count):
    """LOC-03"""
    assert by_trilateration(look, targets, dice, count) >= guess_m(targets) - NOISE_M
    assert by_trilateration(leaky(targets), targets, dice, count) < guess_m(targets) / 5


def test_bisection_on_the_radius_finds_no_more_than_the_cell(targets, look, dice):
    """LOC-03"""
    few = targets[:9]
    assert by_radius(look, few, dice) >= guess_m(few) - NOISE_M
    assert by_radius(leaky(few), few, dice) < guess_m(few) / 5


@pytest.fixture
def references(new_user, as_):
    """Two accounts of the attacker's, each with an offer: (client, the offer's id)."""
    clients = [as_(new_user(f"Reference{number} R.")) for number in range(2)]
    for client in clients:
        client.put("/v1/me/home", json={"cell": people.ANA_CELL})
    offer = {"title": "Une perceuse", "direction": "offer"}
    return [(client, client.post("/v1/listings", json=offer).json["id"]) for client in clients]


def order_seen(look, references, dice, rounds):
    """What comes before what, while the references move: (place looked from, where they were, the order of all)."""
    nearby = sorted(cells.rings(people.ANA_CELL, 7))
    for _ in range(rounds):
        place, where = dice.choice(nearby), {}
        for client, listing_id in references:
            where[listing_id] = client.put("/v1/me/home", json={"cell": dice.choice(nearby)}).json["cell"]
        yield place, where, list(look(place))


def order_leaked(targets, seen):
    """The same rounds on a service that orders by true homes."""
    see = leaky(targets)
    for place, where, _ in seen:
        told = see(place) | {listing_id: cells.metres_between(place, cell) for listing_id, cell in where.items()}
        yield place, where, sorted(told, key=told.__getitem__)


def by_order(seen, targets):
    errors = []
    for target in targets:
        relations = [
            (place, cell, order.index(target.listing_id) < order.index(listing_id))
            for place, where, order in seen
            for listing_id, cell in where.items()
        ]
        errors.append(error_m(attackers.narrow_by_order(mercator(target.cell), 500, relations), target))
    return median(errors)


def test_order_between_two_reference_accounts(targets, look, references, dice):
    """LOC-03"""
    seen = list(order_seen(look, references, dice, rounds=60))
    assert by_order(seen, targets) >= guess_m(targets) - NOISE_M
    assert by_order(list(order_leaked(targets, seen)), targets) < guess_m(targets) / 2


def test_averaging_over_listings_and_edits(targets, attacker, dice):
    """LOC-03: every new listing, every edit, every time the phone says anew where home is."""
    few, seen, blurred = targets[:9], [], []
    for target in few:
        shown = [mercator(attacker.get(f"/v1/listings/{each}").json["cell"]) for each in live_on(target, dice, times=6)]
        seen.append(error_m(attackers.average(shown), target))
        blurred.append(error_m(attackers.average([blur(target.truth, dice) for _ in range(100)]), target))
    assert median(seen) == pytest.approx(guess_m(few))
    assert median(blurred) < guess_m(few) / 2, "of a service that shows a random point nearby each time"


def live_on(target, dice, times):
    """The target's phone says again where home is, a little off each time; ids of new listings, each edited once."""
    for number in range(times):
        point = {axis: degrees + dice.gauss(0, 0.0001) for axis, degrees in target.home.items()}
        target.client.put("/v1/me/home", json=point if cells.snap(**point) == target.cell else target.home)
        made = target.client.post("/v1/listings", json={"title": f"Échelle {number}", "direction": "offer"}).json
        target.client.patch(f"/v1/listings/{made['id']}", json={"description": "Solide."})
        yield made["id"]


def blur(point, dice):
    """A point somewhere within some hundreds of metres."""
    return point[0] + dice.gauss(0, 200), point[1] + dice.gauss(0, 200)
