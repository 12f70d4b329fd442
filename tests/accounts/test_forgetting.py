"""What is too old to keep goes by itself, and what is still of use stays."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from neighbourly.accounts import jobs
from neighbourly.accounts.models import EmailCode, PendingRegistration, Session
from neighbourly.core import clock
from neighbourly.core.api.idempotency import StoredAnswer
from neighbourly.core.db import db
from tests.accounts.conftest import register
from tests.databases import count_of


def later(**by: float) -> None:
    """Run the sweep as if so much time had passed."""
    with time_machine.travel(clock.now() + timedelta(**by)):
        jobs.forget_old()
    db.session.expire_all()


def test_registrations_that_nobody_confirmed_go_after_two_days(client):
    register(client, "lea@example.org")
    later(days=1, hours=23)
    assert (count_of(PendingRegistration), count_of(EmailCode)) == (1, 1)
    later(days=2, minutes=1)
    assert (count_of(PendingRegistration), count_of(EmailCode)) == (0, 0)


def test_ended_sign_ins_go_after_thirty_days(as_, ana):
    as_(ana).post("/v1/auth/logout", json={})
    kept = as_(ana)
    later(days=29)
    assert count_of(Session) == 2
    later(days=31)
    assert count_of(Session) == 1
    assert kept.get("/v1/me").status_code == 200


def test_answers_kept_for_retries_go_after_a_day(as_, ana):
    """REL-01: 24 hours."""
    as_(ana).post("/v1/listings", json={"title": "Une perceuse"}, headers={"Idempotency-Key": "k"})
    assert count_of(StoredAnswer) == 1
    later(hours=23)
    assert count_of(StoredAnswer) == 1
    later(hours=25)
    assert count_of(StoredAnswer) == 0
