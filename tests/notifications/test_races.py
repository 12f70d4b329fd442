"""What several workers and requests do at the same moment, on real connections."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from sqlalchemy import select

from neighbourly.core.db import db, transaction
from neighbourly.devices import service as devices
from neighbourly.devices.models import Device
from neighbourly.notifications import deliveries, service
from neighbourly.notifications.models import Delivery, Notification
from tests.databases import count_of


@pytest.fixture
def app(committing_app):
    """Transactions are real ones here."""
    return committing_app


def test_two_workers_never_take_the_same_delivery(app, tell, need, new_user, phone):
    """FCM-01: a delivery that one has claimed is not there for the others."""
    crowd = [new_user(f"N{number} N.") for number in range(40)]
    for each in crowd:
        phone(each)
    tell(need, *crowd)
    together = threading.Barrier(4)

    def work(_worker) -> list:
        with app.app_context(), transaction():
            together.wait(5)
            taken = list(chain.from_iterable(deliveries.claim(5, "http://x") for _ in range(3)))
            together.wait(5)
            return [claim.delivery_id for claim in taken]

    with ThreadPoolExecutor(4) as workers:
        taken = list(chain.from_iterable(workers.map(work, range(4))))
    assert len(taken) == len(set(taken)) == 40


def test_one_event_told_by_many_at_once_is_told_once(app, need, bob, phone):
    """FCM-01: unique per event and person, whoever comes first."""
    phone(bob)
    need_id, bob_id = need.id, bob.id

    def work(_worker) -> None:
        with app.app_context(), transaction():
            service.tell(type_name="request_nearby", people={bob_id: {}}, about=need_id, listing_id=need_id)

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(work, range(8)))
    assert count_of(Notification) == 1
    assert count_of(Delivery) == 1


def test_signing_out_while_being_told_fails_for_neither(app, need, bob, phone):
    """FCM-02: the device that goes away waits for the delivery that is written, and takes it along."""
    phone(bob)
    need_id, bob_id, gone = need.id, bob.id, threading.Event()

    def sign_out() -> None:
        with app.app_context(), transaction():
            devices.forget_devices_of_person(user_id=bob_id)
        gone.set()

    with ThreadPoolExecutor(1) as other:
        with transaction():
            service.tell(type_name="request_nearby", people={bob_id: {}}, about=need_id, listing_id=need_id)
            signing_out = other.submit(sign_out)
            assert not gone.wait(0.3)
        signing_out.result(5)
    assert db.session.scalars(select(Device)).all() == db.session.scalars(select(Delivery)).all() == []
    assert count_of(Notification) == 1
