"""Who is told, once, and what is put on its way to their phones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from neighbourly.accounts.models import Block
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.notifications import service
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.preferences.selectors import get_preferences
from tests.databases import count_of

NIGHT_IN_PARIS = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
MORNING_IN_PARIS = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def inbox(user) -> list[Notification]:
    return list(db.session.scalars(select(Notification).where(Notification.user_id == user.id)))


def deliveries() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery)))


def wish(user, **fields) -> None:
    preferences = get_preferences(user.id)
    for name, value in fields.items():
        setattr(preferences, name, value)
    db.session.commit()


@pytest.fixture
def by_night(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NIGHT_IN_PARIS)


def test_each_phone_gets_a_delivery_and_the_inbox_one_row(tell, need, bob, phone):
    phone(bob)
    phone(bob, "bob-tablet")
    tell(need, bob)
    assert len(inbox(bob)) == 1
    assert [each.state for each in deliveries()] == ["waiting", "waiting"]


def test_one_event_tells_one_person_once(tell, need, bob, cleo, phone):
    """FCM-01: unique per event and device."""
    phone(bob)
    tell(need, bob)
    tell(need, bob, cleo)
    assert len(inbox(bob)) == len(inbox(cleo)) == 1
    assert len(deliveries()) == 1


def test_another_type_about_the_same_thing_is_another_event(tell, need, bob):
    tell(need, bob)
    tell(need, bob, type_name="request_closed")
    assert {each.type for each in inbox(bob)} == {"request_nearby", "request_closed"}


def test_without_a_phone_there_is_the_inbox(tell, need, bob, run_jobs):
    """FCM-08: no push, and nothing lost."""
    tell(need, bob)
    assert len(inbox(bob)) == 1
    assert run_jobs() == []


def test_a_rollback_leaves_no_push(app, need, bob, phone, run_jobs):
    """FCM-01: the delivery row is written with the event, and goes with it."""
    phone(bob)
    with db.session.begin_nested() as event:
        service.tell(type_name="request_nearby", people={bob.id: {}}, about=need.id, listing_id=need.id)
        event.rollback()
    db.session.commit()
    assert inbox(bob) == deliveries() == run_jobs() == []


def test_a_type_switched_off_stays_in_the_inbox(tell, need, bob, phone):
    phone(bob)
    wish(bob, push={"request_nearby": False})
    tell(need, bob)
    assert len(inbox(bob)) == 1
    assert deliveries() == []


def test_who_is_away_finds_it_in_the_inbox(tell, need, bob, phone):
    phone(bob)
    wish(bob, away_until=clock.now() + timedelta(days=3))
    tell(need, bob)
    assert len(inbox(bob)) == 1
    assert deliveries() == []


def test_quiet_hours_put_it_off_until_the_morning(tell, need, bob, phone, by_night, run_jobs):
    """FCM-09: in the receiver's zone; its time to live begins with the morning."""
    phone(bob)
    wish(bob, quiet_from=time(21), quiet_to=time(8))
    tell(need, bob)
    (delivery,) = deliveries()
    assert delivery.due_at == MORNING_IN_PARIS
    assert delivery.expires_at == MORNING_IN_PARIS + timedelta(days=1)
    assert run_jobs() == []


def test_an_answer_may_wake_who_allows_it(tell, need, ana, bob, phone, by_night):
    """FCM-09: what the receiver marked urgent breaks quiet hours, and nothing else does."""
    phone(ana)
    wish(ana, quiet_from=time(21), quiet_to=time(8), urgent_may_wake=True)
    tell(need, ana, type_name="answer_received", actor_id=bob.id)
    tell(need, ana, type_name="ask_exhausted", actor_id=None)
    assert sorted(each.due_at for each in deliveries()) == [NIGHT_IN_PARIS, MORNING_IN_PARIS]


@pytest.mark.parametrize("by_whom", ["blocker", "blocked"])
def test_nobody_hears_of_someone_behind_a_block(tell, need, ana, bob, cleo, phone, by_whom):
    phone(bob)
    pair = (bob.id, ana.id) if by_whom == "blocker" else (ana.id, bob.id)
    db.session.add(Block(blocker_id=pair[0], blocked_id=pair[1]))
    tell(need, bob, cleo)
    assert inbox(bob) == deliveries() == []
    assert len(inbox(cleo)) == 1


def test_nobody_tells_who_has_left(tell, need, bob):
    bob.state = "erased"
    tell(need, bob)
    assert inbox(bob) == []


def test_a_disabled_device_is_left_out(tell, need, bob, phone):
    phone(bob)
    db.session.execute(text("UPDATE devices SET disabled_at = now()"))
    tell(need, bob)
    assert deliveries() == []


def test_statements_do_not_grow_with_the_people(need, new_user, phone, statements):
    """Telling fifty costs what telling five costs."""
    people = [new_user(f"N{number} N.") for number in range(50)]
    for each in people:
        phone(each)
    ids, need_id, counts = [each.id for each in people], need.id, []
    for some in (ids[:5], ids):
        with statements() as seen:
            service.tell(
                type_name="request_nearby", people={each: {} for each in some}, about=len(some), listing_id=need_id
            )
        counts.append(len(seen))
    assert counts == [3, 3]
    assert count_of(Delivery) == 55


def test_a_phone_handed_on_says_nothing_of_its_first_person(as_, tell, need, bob, cleo, phone, fcm, run_jobs):
    """FCM-04: what waited for Bob when Cleo signed in on his phone never arrives there."""
    token = phone(bob)
    tell(need, bob)
    phone(cleo, token)
    tell(need, bob)
    run_jobs()
    assert fcm.received == []
