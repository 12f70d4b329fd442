"""Devices registered at the same moment as something else happens, on real connections."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from neighbourly.accounts import service as accounts
from neighbourly.core.db import db, transaction
from neighbourly.devices.models import Device
from tests import people
from tests.waiting import wait_until

PHONE = {"fcm_token": "token-of-the-phone", "platform": "android"}
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")


@pytest.fixture
def app(committing_app):
    """An app whose transactions are real ones."""
    return committing_app


def devices() -> list[Device]:
    db.session.rollback()
    return list(db.session.scalars(select(Device)))


def test_a_phone_signed_out_while_it_registers_gets_no_push(app, as_, ana):
    """TST-05, FCM-04, SEC-11: the sign-out waits for nobody, and the device is not left behind."""
    client, ended, registering = as_(ana), threading.Event(), threading.Event()
    signed_in = accounts.open_session(user=ana, installation_id=None, label="")
    client.token = signed_in.access_token
    db.session.commit()

    def sign_out() -> None:
        with app.app_context(), transaction():
            accounts.log_out(refresh_token=signed_in.refresh_token, session_id=None)
            ended.set()
            assert registering.wait(10)

    def register() -> int:
        assert ended.wait(10)
        with app.app_context():
            return client.put("/v1/me/devices/phone", json=PHONE).status_code

    with ThreadPoolExecutor(2) as workers:
        both = workers.submit(sign_out), workers.submit(register)
        wait_until(lambda: db.session.scalar(WAITING) == 1)
        registering.set()
        assert [each.result(10) for each in both] == [None, 401]
    assert devices() == []


def test_a_token_that_many_register_at_once_is_one_persons(app, as_, new_user):
    """TST-05, FCM-04: whoever is too late is told to try again, and the token is never two people's."""
    clients = [as_(new_user(f"N{number} N.")) for number in range(8)]
    together = threading.Barrier(len(clients))

    def register(client: people.Client) -> int:
        together.wait(5)
        with app.app_context():
            return client.put("/v1/me/devices/phone", json=PHONE).status_code

    with ThreadPoolExecutor(len(clients)) as workers:
        answers = list(workers.map(register, clients))
    assert set(answers) <= {200, 201, 409}
    assert 201 in answers
    assert [each.fcm_token for each in devices()] == [PHONE["fcm_token"]]
