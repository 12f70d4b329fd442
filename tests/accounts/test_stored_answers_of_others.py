"""GDP-02: what was stored for somebody's retry goes with each person whom it names."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import update

from neighbourly.accounts import passwords
from neighbourly.core.api.idempotency import StoredAnswer
from neighbourly.core.db import db
from tests.databases import count_of
from tests.factories.exchanges import propose
from tests.factories.listings import offer
from tests.people import PASSWORD


@pytest.fixture
def canari(new_user):
    """Who will leave."""
    return new_user("Canari", password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def accept(as_, ana, canari):
    """`accept()`: the answer to Ana's yes to Canari, the same retry each time."""
    exchange, key, owner = propose(canari, offer(ana)), {"Idempotency-Key": uuid4().hex}, as_(ana)
    return lambda: owner.post(f"/v1/exchanges/{exchange.id}/accept", json={}, headers=key)


def leave(as_, user):
    assert as_(user).delete("/v1/me", json={"password": PASSWORD}).status_code == 204


def test_the_name_of_who_left_is_not_told_again(as_, canari, accept):
    """GDP-02: nor is it in the database."""
    assert accept().json["receiver"]["display_name"] == "Canari"
    assert accept().headers["Idempotency-Replayed"] == "true"
    leave(as_, canari)
    assert count_of(StoredAnswer) == 0
    assert "Canari" not in accept().text


def test_so_it_is_with_answers_that_an_earlier_version_stored(as_, canari, accept):
    """GDP-02."""
    accept()
    db.session.execute(update(StoredAnswer).values(mentioned_ids=None))
    db.session.commit()
    leave(as_, canari)
    assert count_of(StoredAnswer) == 0


def test_what_names_others_stays_for_their_retries(as_, new_user, accept, canari):
    """REL-01."""
    accept()
    leave(as_, new_user("Dora D.", password_hash=passwords.hashed(PASSWORD)))
    assert accept().headers["Idempotency-Replayed"] == "true"
