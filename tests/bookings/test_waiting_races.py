"""People who wait for one thing at the same moment, on real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from neighbourly.bookings.models import Waiting
from neighbourly.core.db import db
from tests.factories.listings import offer


@pytest.fixture
def app(committing_app: Flask) -> Flask:
    """An app whose transactions are real ones."""
    return committing_app


def test_of_two_who_wait_at_once_for_what_is_free_it_is_the_turn_of_one(app, as_, ana, bob, cleo):
    """TST-05."""
    drill = offer(ana)
    db.session.commit()
    phones, together = [as_(bob), as_(cleo)], Barrier(2)

    def wait(phone) -> int:
        together.wait(10)
        with app.app_context():
            return phone.put(f"/v1/listings/{drill.id}/waiting", json={}).status_code

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(wait, phones)) == [200, 200]
    waiting, asked = db.session.execute(select(func.count(), func.count(Waiting.asked_at))).one()
    assert (waiting, asked) == (2, 1)
