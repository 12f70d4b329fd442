"""A need, phones to be told of it, and the server that takes the pushes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.accounts.names import first_word
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.matching.events import NeighboursAsked
from neighbourly.matching.models import Asked
from neighbourly.notifications import jobs, service
from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.channels.fcm import FcmSender
from neighbourly.places.models import Home
from tests.fakes.fcm import FakeFcm


@pytest.fixture
def fcm(app, tmp_path):
    """Firebase, by which the app under test sends."""
    with FakeFcm() as server, FcmSender(server.write_credentials(tmp_path / "key.json"), server.url) as sender:
        app.extensions[jobs.SENDER] = sender
        yield server
        del app.extensions[jobs.SENDER]


@pytest.fixture
def phone(as_):
    """`phone(bob)`: a registered device, whose token is `bob-phone`."""

    def register(user, token=None, **fields):
        token = token or f"{first_word(user.display_name).lower()}-phone"
        body = {"fcm_token": token, "platform": "android"} | fields
        assert as_(user).put(f"/v1/me/devices/{token}", json=body).status_code == 201
        return token

    return register


@pytest.fixture
def listing_of(app):
    """`listing_of(ana, title="Une échelle", status="closed")`: a row, by default a published request for a drill."""

    def make(owner, **fields):
        home = db.session.get_one(Home, owner.id)
        now = clock.now()
        given = {"direction": "request", "title": "Une perceuse", "status": "published", "language": "fr"}
        listing = Listing(
            id=new_id(),
            owner_id=owner.id,
            published_at=now,
            expires_at=now + timedelta(days=7),
            cell=home.cell,
            location=cells.mercator(home.cell),
            **given | fields,
        )
        db.session.add(listing)
        db.session.commit()
        return listing

    return make


@pytest.fixture
def need(listing_of, ana):
    """Ana asks for a drill."""
    return listing_of(ana)


@pytest.fixture
def ask(app):
    """`ask(need, bob, cleo)`: these neighbours are asked in one wave."""

    def wave(need, *people, wave=1):
        rows = [Asked(listing_id=need.id, user_id=each.id, wave=wave, why={}) for each in people]
        db.session.add_all(rows)
        db.session.flush()
        publish(NeighboursAsked(need.id, wave))
        db.session.commit()

    return wave


@pytest.fixture
def tell(app):
    """`tell(need, bob)`: these people are told of a request near them, or of it in the state that the type tells of."""

    def told(need, *people, **how):
        given = {"type_name": "request_nearby", "about": need.id, "listing_id": need.id, "actor_id": need.owner_id}
        status, so = need.status, CATALOGUE[(given | how)["type_name"]].still_while
        need.status = status if status in so or None in so else min(so)
        service.tell(people={each.id: {} for each in people}, **given | how)
        need.status = status
        db.session.commit()

    return told
