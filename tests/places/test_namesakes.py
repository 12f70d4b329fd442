"""SEC-27: nobody goes by the name that a neighbour is known by; who comes later gets a number, and loses no step."""

from __future__ import annotations

import pytest

from neighbourly.accounts.models import User
from neighbourly.core.cells import STREET
from neighbourly.core.db import db
from tests.factories.listings import offer


@pytest.fixture
def settle(new_user, as_, city):
    """`settle("Karim B.")`: somebody of this name says where they live, there or in another neighbourhood."""

    def settled(name: str, email: str, home: str | None = None) -> User:
        user = new_user(name, email=email)
        assert as_(user).put("/v1/me/home", json={"cell": home or city[STREET][0]}).status_code == 200
        return user

    return settled


@pytest.fixture
def karim(settle):
    """He is known there by what he offers."""
    user = settle("Karim B.", "karim@example.org")
    offer(user)
    return user


def name_of(user) -> str:
    return db.session.get_one(User, user.id).display_name


@pytest.mark.parametrize("name", ["Karim B.", "karim b", "KARIM  B", "Kar1m B."])
def test_beside_him_nobody_takes_his_name(settle, as_, karim, name):
    """SEC-27: nor one that looks like it; with an initial more it is one's own."""
    other = settle("Attila", "attila@example.org")
    refused = as_(other).patch("/v1/me", json={"display_name": name})
    assert (refused.status_code, refused.json["code"]) == (422, "name_taken_nearby")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/display_name"]
    assert name_of(other) == "Attila"
    assert as_(other).patch("/v1/me", json={"display_name": "Karim Be."}).status_code == 200


def test_who_comes_under_his_name_goes_by_a_number(settle, as_, karim):
    """SEC-27: the door that joining leaves open; an honest namesake has a home with no step more."""
    second, third = (settle("Karim B.", f"{number}@example.org") for number in ("second", "third"))
    assert (name_of(second), name_of(karim)) == ("Karim B. 2", "Karim B.")
    offer(second)
    assert name_of(third) == "Karim B. 2", "nobody has read the second's yet when he comes"
    assert as_(second).patch("/v1/me", json={"display_name": "Karim B"}).status_code == 422


def test_he_keeps_it_and_may_write_it_otherwise(settle, as_, karim):
    """SEC-27: whoever was there first."""
    other = settle("Karim B.", "other@example.org")
    offer(other)
    assert as_(karim).patch("/v1/me", json={"display_name": "KARIM B."}).status_code == 200
    assert as_(karim).patch("/v1/me", json={"bio": "Bonjour"}).status_code == 200


def test_who_publishes_nothing_is_told_of_by_no_refusal(settle, as_):
    """LOC-13: a name that nobody may read is not asked after either."""
    settle("Karim B.", "karim@example.org")
    other = settle("Attila", "attila@example.org")
    assert as_(other).patch("/v1/me", json={"display_name": "Karim B."}).status_code == 200


def test_elsewhere_there_are_other_karims(settle, as_, karim, outside):
    """SEC-27: only near by could one be taken for the other."""
    other = settle("Attila", "attila@example.org", outside)
    assert as_(other).patch("/v1/me", json={"display_name": "Karim B."}).status_code == 200
