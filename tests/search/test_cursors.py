"""Pages while things change."""

from __future__ import annotations

import random

import pytest

from neighbourly.core.db import db
from neighbourly.listings import service
from tests.factories.listings import actor, offer


@pytest.mark.parametrize("sort", ["distance", "recent"])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_twice_and_nothing_lost_while_listings_come_and_go(as_, ana, bob, cleo, sort, seed):
    """REL-06: whatever stays throughout is shown exactly once."""
    rng = random.Random(seed)
    staying = [offer(rng.choice([bob, cleo]), f"Chose numéro {number}") for number in range(20)]
    client, seen, cursor = as_(ana), [], ""
    while cursor is not None:
        page = client.get(f"/v1/listings?sort={sort}&limit=3{cursor}").json
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
        offer(rng.choice([bob, cleo]), "Un objet de passage")
        going = staying.pop(rng.randrange(len(staying)))
        owner = bob if going.owner_id == bob.id else cleo
        service.close_listing(actor=actor(owner), listing_id=going.id)
        db.session.commit()
    assert len(seen) == len(set(seen))
    assert {str(listing.id) for listing in staying} <= set(seen)


def test_a_cursor_goes_on_though_its_own_listing_is_gone(as_, ana, bob):
    listings = [offer(bob, f"Chose numéro {number}") for number in range(3)]
    page = as_(ana).get("/v1/listings?limit=1").json
    service.close_listing(actor=actor(bob), listing_id=listings[-1].id)
    db.session.commit()
    rest = as_(ana).get(f"/v1/listings?cursor={page['next']}").json["items"]
    assert [item["id"] for item in rest] == [str(listing.id) for listing in reversed(listings[:-1])]
