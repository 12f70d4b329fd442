"""Versions of listings: `ETag`, `If-Match`, and two writers at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from neighbourly.app import create_app
from neighbourly.core.db import db
from tests import databases, people
from tests.factories.listings import ask


@pytest.fixture
def live_app(worker_id: str, make_settings) -> Iterator[Flask]:
    """An app on a database of its own, whose transactions are true ones."""
    with databases.fresh(f"versions_{worker_id}") as url:
        app = create_app(make_settings(database_url=url))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_each_change_gives_another_version(as_, ana):
    """REL-05: the tag names the version, and no change no other."""
    client = as_(ana)
    made = client.post("/v1/listings", json={"title": "Une perceuse"})
    path = f"/v1/listings/{made.json['id']}"
    same = client.patch(path, json={"title": "Une perceuse"})
    other = client.patch(path, json={"title": "Une grande perceuse"})
    assert made.headers["ETag"] == same.headers["ETag"] != other.headers["ETag"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"title": "Autre chose"}),
        ("post", "/pause", None),
        ("post", "/close", None),
        ("post", "/renew", None),
        ("post", "/fulfil", {"how": "elsewhere"}),
        ("delete", "", None),
    ],
)
def test_a_stale_version_changes_nothing(as_, ana, method, path, body):
    """REL-05: a stale If-Match gives 412, the current one lets it through."""
    listing = ask(ana)
    client = as_(ana)
    url = f"/v1/listings/{listing.id}"
    stale = client.patch(url, json={"description": "un"}).headers["ETag"]
    current = client.patch(url, json={"description": "deux"}).headers["ETag"]
    refused = getattr(client, method)(url + path, json=body, headers={"If-Match": stale})
    assert (refused.status_code, refused.json["code"]) == (412, "stale_version")
    assert (listing.status, listing.description, listing.version) == ("published", "deux", 3)
    assert getattr(client, method)(url + path, json=body, headers={"If-Match": current}).status_code in (200, 204)


def test_of_two_writers_one_gets_it(live_app):
    """REL-05: eight writers with the same version at once, on real connections."""
    with live_app.app_context():
        ana = people.make("Ana A.", home=people.ANA_CELL)
        listing_id = ask(ana).id
        token = people.sign_in(live_app, ana).token
        tag = '"1.x"'
        db.session.remove()

    def write(number: int) -> int:
        headers = {"Authorization": f"Bearer {token}", "If-Match": tag}
        body = {"title": f"Chose numéro {number}"}
        return live_app.test_client().patch(f"/v1/listings/{listing_id}", json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(write, range(8))) == [200] + [412] * 7
