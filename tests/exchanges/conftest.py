"""Two neighbours and a drill, and what is done over HTTP with an exchange of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from neighbourly.accounts import passwords
from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from tests import people
from tests.factories.exchanges import day
from tests.factories.listings import offer

Act = Callable[..., TestResponse]


@pytest.fixture
def drill(ana: User) -> Listing:
    """Ana lends it."""
    return offer(ana)


@pytest.fixture
def act(as_) -> Act:
    """`act(bob, exchange, "accept")`: the answer to this person's tap."""

    def tap(user: User, exchange: Exchange | dict[str, Any], action: str, **body: Any) -> TestResponse:
        exchange_id = exchange["id"] if isinstance(exchange, dict) else exchange.id
        answer: TestResponse = as_(user).post(f"/v1/exchanges/{exchange_id}/{action}", json=body)
        return answer

    return tap


@pytest.fixture
def wish(as_) -> Callable[..., TestResponse]:
    """`wish(cleo, drill, begins=1, days=2)`: the answer to this person's proposal."""

    def ask(user: User, listing: Listing, begins: float = 1, days: float = 2, **said: Any) -> TestResponse:
        times = {"starts_at": day(begins).isoformat(), "ends_at": day(begins + days).isoformat()}
        answer: TestResponse = as_(user).post("/v1/exchanges", json={"listing_id": str(listing.id), **times, **said})
        return answer

    return ask


@pytest.fixture
def look(as_) -> Callable[..., Any]:
    """`look(bob, exchange)`: it as this person sees it."""
    return lambda user, exchange: as_(user).get(f"/v1/exchanges/{exchange.id}").json


@pytest.fixture
def latest(as_) -> Callable[[User], str]:
    """`latest(ana)`: title and body of her newest notification, in English."""

    def read(user: User) -> str:
        newest = as_(user).get("/v1/notifications", headers={"Accept-Language": "en"}).json["items"][0]
        return f"{newest['title']} | {newest['body']}"

    return read


@pytest.fixture
def news(as_) -> Callable[[User], list[str]]:
    """`news(ana)`: the types of her notifications, oldest first."""
    return lambda user: [each["type"] for each in reversed(as_(user).get("/v1/notifications").json["items"])]


@pytest.fixture
def leave(as_):
    """`leave(bob)`: what Bob is told when he wants to be erased."""

    def ask_for_it(user):
        user.password_hash = passwords.hashed(people.PASSWORD)
        db.session.commit()
        return as_(user).delete("/v1/me", json={"password": people.PASSWORD})

    return ask_for_it
