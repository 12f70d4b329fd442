"""How much one person may have on offer at a time: every neighbour's search pays for it (SEC-16)."""

from __future__ import annotations

import pytest

from neighbourly.listings import service
from neighbourly.listings.service import ceilings
from tests.factories.listings import ask, offer


@pytest.fixture
def few(monkeypatch):
    """Three listings, and ten things."""
    monkeypatch.setattr(ceilings, "MOST_LISTINGS", 3)
    monkeypatch.setattr(ceilings, "MOST_COPIES", 10)


def create(client, title, **said):
    return client.post("/v1/listings", json={"title": title, "direction": "offer", "kind": "item"} | said)


def test_one_too_many_is_told_and_what_has_ended_leaves_room(few, as_, ana, bob):
    """SEC-16: drafts count, needs count, other people's do not."""
    client = as_(ana)
    offer(bob), offer(bob, "Une échelle")
    first = create(client, "Une perceuse").json["id"]
    create(client, "Une scie", status="draft")
    ask(ana, "Une remorque")
    refused = create(client, "Une tente")
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_listings")
    assert client.post(f"/v1/listings/{first}/close").status_code == 200
    assert create(client, "Une tente").status_code == 201


def test_things_are_counted_together(few, as_, ana):
    """SEC-16: when they are offered and when the quantity rises; to lower it is always possible."""
    client = as_(ana)
    chairs = create(client, "Une chaise", quantity=8).json["id"]
    refused = create(client, "Une table", quantity=3)
    assert (refused.status_code, refused.json["code"]) == (422, "too_many_copies")
    assert refused.json["errors"][0]["pointer"] == "/quantity"
    assert create(client, "Une table", quantity=2).status_code == 201
    path = f"/v1/listings/{chairs}"
    assert client.patch(path, json={"quantity": 9}).json["code"] == "too_many_copies"
    assert client.patch(path, json={"quantity": 8}).status_code == 200
    assert client.patch(path, json={"quantity": 1}).status_code == 200
    assert client.patch(path, json={"quantity": 8}).status_code == 200


def test_what_expired_is_not_shown_again_beyond_the_ceiling(few, as_, ana, later):
    """SEC-16: else expiring and renewing would be the way around."""
    client = as_(ana)
    old = [create(client, title).json["id"] for title in ("Une perceuse", "Une scie", "Une tente")]
    later(days=91)
    service.expire_due(10)
    client = as_(ana)
    for title in ("Une table", "Une échelle", "Une remorque"):
        assert create(client, title).status_code == 201
    assert client.post(f"/v1/listings/{old[0]}/renew").json["code"] == "too_many_listings"


def test_the_same_again_is_no_new_listing(few, as_, ana):
    """REL-07: a retry of the last that had room gets it."""
    client = as_(ana)
    body = {"id": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"}
    create(client, "Une scie"), create(client, "Une tente")
    answers = [create(client, "Une perceuse", **body).status_code for _ in range(2)]
    assert answers == [201, 200]
