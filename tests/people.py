"""Neighbours for tests, and clients that speak for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from neighbourly.accounts import service as accounts
from neighbourly.accounts.models import User
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.places.events import HomeMoved
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences

PASSWORD = "a bicycle on the Canal du Midi"
ANA_CELL = cells.snap(43.6020, 1.4480)
BOB_CELL = cells.snap(43.6047, 1.4480)
CLEO_CELL = cells.snap(43.6128, 1.4480)
FAR_CELL = cells.snap(48.6493, -2.0257)
A_WHILE = timedelta(days=90)
"""How long neighbours of tests have lived where they live, unless a test says otherwise."""
PRECISIONS = {9: "street", 8: "district", 7: "town"}


def make(name: str, home: str | None = None, **fields: Any) -> User:
    """A verified neighbour without quiet hours; the home is put as it is, whatever a territory allows."""
    email = fields.pop("email", f"{name.split()[0].lower()}@example.org")
    user = accounts.create_user(email=email, display_name=name, password=None, language=fields.pop("language", "fr"))
    if preferences := db.session.get(Preferences, user.id):
        preferences.quiet_from = preferences.quiet_to = None
    for field, value in fields.items():
        setattr(user, field, value)
    if home is not None:
        move(user, home)
    db.session.commit()
    return user


def move(user: User, cell: str) -> None:
    """Put a home into this cell, and let what depends on it follow."""
    home = db.session.get(Home, user.id) or Home(user_id=user.id, since=clock.now() - A_WHILE)
    home.cell, home.location = cell, cells.mercator(cell)
    home.precision = PRECISIONS[cells.resolution_of(cell)]
    db.session.add(home)
    db.session.flush()
    publish(HomeMoved(user.id))


def settle(user: User, days: int = A_WHILE.days) -> None:
    """Let somebody have lived in their neighbourhood for so many days."""
    db.session.get_one(Home, user.id).since = clock.now() - timedelta(days=days)
    db.session.commit()


class FreshClient(FlaskClient):
    """A test client whose every request has a context of its own, as in a server, whatever the test has open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request; what the test has not yet written is written first, what it read is read anew."""
        db.session.flush()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        return response


class Client:
    """A test client that carries one person's access token."""

    def __init__(self, app: Flask, token: str) -> None:
        self._client = app.test_client()
        self.token = token

    def __getattr__(self, method: str) -> Any:
        """get, post, put, patch, delete, open."""

        def call(*args: Any, **kwargs: Any) -> TestResponse:
            headers = {"Authorization": f"Bearer {self.token}"} | dict(kwargs.pop("headers", {}))
            response: TestResponse = getattr(self._client, method)(*args, headers=headers, **kwargs)
            return response

        return call


def sign_in(app: Flask, user: User) -> Client:
    """A client signed in as that person."""
    signed_in = accounts.open_session(user=user, installation_id=None, label="test", proven=True)
    db.session.commit()
    return Client(app, signed_in.access_token)
