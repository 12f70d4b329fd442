"""A copy gets its row while its owner does something with the listing, on real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from neighbourly.bookings.models import Copy
from neighbourly.bookings.service.copies import hold_copies
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from tests.factories.listings import offer

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")


@pytest.fixture
def app(committing_app: Flask) -> Flask:
    """An app whose transactions are real ones."""
    return committing_app


def wait_until_blocked() -> None:
    """Until somebody waits for what this transaction holds."""
    until = monotonic() + 10
    while not db.session.scalar(WAITING):
        assert monotonic() < until, "nobody waits"
        sleep(0.01)


@pytest.mark.parametrize("tap", ["broken", "mended"])
def test_what_is_taken_and_what_its_owner_says_of_it_do_not_wait_for_each_other(app, as_, ana, tap):
    """BOK-05, TST-05: the one holds the copies and writes a row, the other holds the listing and wants the copies."""
    chairs = offer(ana, "Une chaise", quantity=3)
    hold_copies(chairs)
    db.session.commit()
    owner, chairs_id = as_(ana), chairs.id

    def say() -> int:
        with app.app_context():
            return owner.post(f"/v1/listings/{chairs_id}/{tap}", json={}).status_code

    held = hold_copies(db.session.get_one(Listing, chairs_id))
    with ThreadPoolExecutor(1) as threads:
        said = threads.submit(say)
        wait_until_blocked()
        assert held.add() is not None
        db.session.commit()
        assert said.result(20) == 200
    rows = select(func.count()).select_from(Copy).where(Copy.listing_id == chairs_id)
    assert db.session.scalar(rows) == (3 if tap == "broken" else 2)
