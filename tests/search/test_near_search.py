"""The near search against a brute force over the same rows."""

from __future__ import annotations

import random
from datetime import timedelta
from math import dist

import pytest

from neighbourly.accounts.models import Block, User
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings import categories
from neighbourly.listings.models import STATUSES, Listing
from tests.people import ANA_CELL

SLUGS = ("power-drills", "saws", "tools", "music-lessons", "moving-help")
OWNERS = 12


@pytest.fixture
def town(new_user):
    """Ana, and a dozen neighbours with 150 listings in all states in a handful of cells; two of them are blocked."""
    rng = random.Random(7)
    ana = new_user("Ana A.", home=ANA_CELL)
    around = sorted(cells.rings(ANA_CELL, 5))
    owners = [new_user(f"Owner{number} O.", home=rng.choice(around)) for number in range(OWNERS)]
    db.session.add(Block(blocker_id=ana.id, blocked_id=owners[0].id))
    db.session.add(Block(blocker_id=owners[1].id, blocked_id=ana.id))
    owners[2].state = "suspended"
    for _number in range(150):
        db.session.add(random_listing(rng, rng.choice([*owners, ana]), rng.choice(around)))
    db.session.commit()
    return ana


def random_listing(rng, owner, cell):
    slug = rng.choice([*SLUGS, None])
    return Listing(
        id=new_id(),
        owner_id=owner.id,
        direction=rng.choice(["offer", "request"]),
        kind=categories.get(slug).kind if slug else None,
        category=slug,
        title=rng.choice(["Perceuse", "Scie sauteuse", "Guitare"]),
        language="fr",
        status=rng.choice([*STATUSES, *["published"] * 20]),
        cell=cell,
        location=cells.mercator(cell),
        published_at=clock.now(),
        created_at=clock.now() - timedelta(minutes=rng.randrange(5)),
    )


def expected(viewer, near, radius_m, sort="distance", **filters):
    """What a look at every row says: the same set, in the same order."""
    hidden = {block.blocked_id for block in db.session.query(Block).filter_by(blocker_id=viewer.id)}
    hidden |= {block.blocker_id for block in db.session.query(Block).filter_by(blocked_id=viewer.id)} | {viewer.id}
    found = []
    for listing in db.session.query(Listing).all():
        owner = db.session.get(User, listing.owner_id)
        wanted = listing.status == "published" and owner.state == "active" and listing.owner_id not in hidden
        wanted = wanted and all(fits(listing, name, value) for name, value in filters.items())
        if wanted and cells.metres_between(near, listing.cell) <= radius_m:
            found.append(listing)
    newest = sorted(sorted(found, key=lambda each: each.id), key=lambda each: each.created_at, reverse=True)
    if sort == "recent":
        return [str(each.id) for each in newest]
    return [str(each.id) for each in sorted(newest, key=lambda each: dist(cells.mercator(near), each.location))]


def fits(listing, name, value):
    if name == "category":
        return listing.category in categories.with_descendants(value)
    return getattr(listing, name) == value


def all_pages(client, query, limit):
    found, cursor = [], ""
    while True:
        page = client.get(f"/v1/listings?{query}&limit={limit}{cursor}").json
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            return found
        assert len(page["items"]) == limit
        cursor = f"&cursor={page['next']}"


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"kind": "item"},
        {"direction": "offer"},
        {"kind": "item", "direction": "request"},
        {"category": "power-drills"},
        {"category": "tools"},
        {"category": "tools", "direction": "offer"},
        {"category": "hands-and-trips", "kind": "time"},
        {"category": "tools", "kind": "skill"},
    ],
)
def test_the_same_listings_in_the_same_order_as_by_hand(town, as_, filters):
    """REL-06: pages over a total order, ties on one cell included."""
    for sort, radius_m in (("distance", 900), ("recent", 1500)):
        query = "&".join(f"{name}={value}" for name, value in {**filters, "sort": sort, "radius_m": radius_m}.items())
        by_hand = expected(town, ANA_CELL, radius_m, sort, **filters)
        for limit in (3, 7, 100):
            assert [item["id"] for item in all_pages(as_(town), query, limit)] == by_hand


def test_everything_told_as_within_the_radius_is_found_and_nothing_else(town, as_):
    for radius_m in (100, 300, 348, 349, 350, 500, 1000, 50_000):
        found = all_pages(as_(town), f"radius_m={radius_m}", 100)
        assert [item["id"] for item in found] == expected(town, ANA_CELL, radius_m)
        assert all(item["distance_m"] <= radius_m for item in found)


def test_one_may_look_from_any_cell_and_sees_distances_from_there(town, as_):
    for resolution in (9, 8, 7, 5):
        near = cells.coarsen(cells.snap(43.61, 1.45), resolution)
        found = all_pages(as_(town), f"near={near}&radius_m=20000", 100)
        assert [item["id"] for item in found] == expected(town, near, 20_000)
        assert [item["distance_m"] for item in found] == [cells.metres_between(near, item["cell"]) for item in found]


def test_a_category_holds_those_beneath_it(town, as_):
    found = {item["category"] for item in all_pages(as_(town), "category=tools&radius_m=50000", 100)}
    assert found == {"tools", "power-drills", "saws"}
