"""Much that is sent to one person never stands before what is sent to everybody (SEC-16)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.devices.models import Device
from neighbourly.devices.selectors import MOST_DEVICES
from neighbourly.notifications import deliveries
from neighbourly.notifications.models import LAST_TURN, Delivery

PUBLIC_URL = "http://127.0.0.1:8000"


@contextmanager
def deliveries_explained() -> Iterator[list[str]]:
    """The plans of the statements that take deliveries."""
    plans: list[str] = []

    def explain(connection, cursor, statement, values, *_rest):
        if "UPDATE deliveries" in statement:
            plan = connection.connection.driver_connection.execute(f"EXPLAIN {statement}", values)
            plans.append("\n".join(row[0] for row in plan))

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)


@pytest.fixture
def claimed(app):
    """`claimed(5)`: whose deliveries a worker takes, five at most."""

    def claim(limit):
        taken = [each.device_id for each in deliveries.claim(limit, PUBLIC_URL)]
        db.session.commit()
        owners = dict(db.session.execute(select(Device.id, Device.user_id)).all())
        return [owners[each] for each in taken]

    return claim


def test_a_flood_for_one_person_lets_everybody_else_go_first(tell, need, bob, cleo, phone, claimed):
    """SEC-16: with a hundred pushes waiting for Bob, Cleo's is in the next batch, though it came last."""
    phone(bob), phone(cleo)
    for number in range(100):
        tell(need, bob, about=number)
    tell(need, cleo, about="last of all")
    assert cleo.id in claimed(2)


def test_one_persons_ten_phones_take_turns_with_others(tell, need, bob, cleo, phone, claimed):
    """SEC-16: an event for ten phones is ten deliveries of one person."""
    for number in range(MOST_DEVICES):
        phone(bob, f"token-{number}")
    tell(need, bob, about="one")
    tell(need, bob, about="two")
    phone(cleo)
    tell(need, cleo, about="one")
    taken = claimed(3)
    assert (taken.count(cleo.id), taken.count(bob.id)) == (1, 2)


def test_of_one_person_what_is_due_longest_goes_first(tell, need, bob, phone, claimed):
    """Turns are counted up to the last; nothing is taken twice, and nothing is left."""
    phone(bob)
    for number in range(LAST_TURN + 5):
        tell(need, bob, about=number)
    turns = select(Delivery.turn).order_by(Delivery.due_at, Delivery.turn)
    assert list(db.session.scalars(turns)) == [*range(LAST_TURN), *[LAST_TURN] * 5]
    assert [len(claimed(5)) for _ in range(4)] == [5, 5, LAST_TURN + 5 - 10, 0]


def test_what_is_not_due_yet_waits_whatever_its_turn(tell, need, bob, cleo, phone, claimed):
    phone(bob), phone(cleo)
    tell(need, bob, cleo)
    later = clock.now() + timedelta(hours=1)
    device = db.session.scalars(select(Device).where(Device.user_id == bob.id)).one()
    db.session.execute(db.update(Delivery).where(Delivery.device_id == device.id).values(due_at=later))
    db.session.commit()
    assert claimed(10) == [cleo.id]


def test_each_event_is_at_most_ten_deliveries_a_person(tell, need, bob, phone):
    """SEC-16: also where an account has more devices from before there was a ceiling."""
    phone(bob)
    session_id = db.session.scalar(select(Device.session_id))
    for number in range(30):
        db.session.add(
            Device(
                user_id=bob.id,
                session_id=session_id,
                installation_id=f"old {number}",
                fcm_token=f"old-{number}",
                platform="android",
                language="fr",
                seen_at=clock.now() - timedelta(days=number),
            )
        )
    db.session.commit()
    tell(need, bob)
    reached = db.session.scalars(select(Device.fcm_token).join(Delivery, Delivery.device_id == Device.id)).all()
    assert len(reached) == MOST_DEVICES
    assert "bob-phone" in reached
    assert "old-29" not in reached


def test_what_is_due_is_found_by_an_index(app, need, bob, phone, tell):
    """However much waits for the end of quiet hours."""
    phone(bob)
    device_id = db.session.scalar(select(Device.id))
    db.session.execute(
        text(
            """
            INSERT INTO notifications (id, user_id, type, key, data, created_at)
            SELECT gen_random_uuid(), :bob, 'listing_expiring', n::text, '{}', now() FROM generate_series(1, 5000) n
            """
        ),
        {"bob": bob.id},
    )
    db.session.execute(
        text(
            """
            INSERT INTO deliveries (id, notification_id, device_id, state, attempts, due_at, expires_at, created_at)
            SELECT gen_random_uuid(), id, :device, 'waiting', 0, now() + interval '8 hours', now() + interval '1 day',
                   now()
            FROM notifications WHERE type = 'listing_expiring'
            """
        ),
        {"device": device_id},
    )
    db.session.execute(text("ANALYZE deliveries"))
    with deliveries_explained() as plans:
        assert deliveries.claim(256, PUBLIC_URL) == []
    assert "Seq Scan on deliveries" not in plans[0]
    assert "ix_deliveries_" in plans[0]
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 5000
