"""From due rows through Firebase and back."""

from __future__ import annotations

import json
import logging
import threading
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import Block
from neighbourly.answers.events import AnswerGiven
from neighbourly.answers.models import Answer
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.devices.models import Device
from neighbourly.notifications import deliveries, jobs
from neighbourly.notifications.channels.push import Outcome
from neighbourly.notifications.deliveries import Settlement
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.preferences.selectors import get_preferences
from tests.databases import run_job
from tests.fakes import fcm as fake
from tests.fakes.fcm_fields import faults_of
from tests.people import ANA_CELL

PUBLIC_URL = "http://127.0.0.1:8000"


def the_delivery() -> Delivery:
    return db.session.scalars(select(Delivery).execution_options(populate_existing=True)).one()


def deliver(name="notifications.deliver") -> None:
    """What the worker does with the job."""
    run_job(name)
    db.session.expire_all()


@pytest.fixture
def later(monkeypatch):
    """`later(minutes=5)`: the product's clock is that far ahead from now on."""

    def move(**by):
        ahead = clock.now() + timedelta(**by)
        monkeypatch.setattr(clock, "now", lambda: ahead)

    return move


@pytest.fixture
def told(ask, need, bob, phone, fcm):
    """Bob, who has a phone, was asked for Ana's drill."""
    phone(bob)
    ask(need, bob)
    return bob


def test_what_is_due_arrives_and_is_sent(told, need, fcm, run_jobs):
    assert run_jobs() == ["notifications.deliver"]
    (push,) = fcm.accepted
    assert push["token"] == "bob-phone"
    assert push["notification"]["title"] == "Ana demande\u00a0: Une perceuse"
    assert push["data"]["link"] == f"{PUBLIC_URL}/l/{need.id}"
    assert the_delivery().state == "sent"
    assert the_delivery().sent_at is not None


def test_an_ask_brings_its_buttons_and_stands_with_its_need(told, need, fcm, run_jobs):
    """FCM-06: for each platform in its own way; as data too, for an app that places its own."""
    run_jobs()
    (push,) = fcm.accepted
    buttons = [{"action": "yes", "title": "Oui"}, {"action": "later", "title": "Plus tard"}]
    assert json.loads(push["data"]["actions"]) == push["webpush"]["notification"]["actions"] == buttons
    aps, shown = push["apns"]["payload"]["aps"], push["android"]["notification"]
    assert (aps["category"], aps["badge"], aps["sound"], aps["mutable-content"]) == ("request_nearby", 1, "default", 1)
    assert (shown["channel_id"], shown["notification_count"], shown["sound"]) == ("asks", 1, "default")
    assert shown["tag"] == push["apns"]["headers"]["apns-collapse-id"] == push["webpush"]["headers"]["Topic"]


def test_of_two_asks_neither_hides_the_other(told, ask, listing_of, ana, bob, fcm, run_jobs):
    """FCM-06: and the badge counts both."""
    ask(listing_of(ana, title="Une échelle"), bob)
    run_jobs()
    tags = {push["android"]["notification"]["tag"] for push in fcm.accepted}
    assert len(tags) == len({push["apns"]["payload"]["aps"]["thread-id"] for push in fcm.accepted}) == 2
    assert {push["apns"]["payload"]["aps"]["badge"] for push in fcm.accepted} == {2}


def test_a_badge_counts_no_further_than_anyone_reads(told, tell, need, bob, fcm, run_jobs, monkeypatch):
    """Counting a year of unread rows for each push would hold up all."""
    monkeypatch.setattr(deliveries, "MOST_ON_BADGE", 2)
    for number in range(4):
        tell(need, bob, about=number)
    run_jobs()
    assert {push["apns"]["payload"]["aps"]["badge"] for push in fcm.accepted} == {2}


def test_what_was_sent_is_not_sent_again(told, fcm):
    deliver()
    deliver("notifications.sweep")
    assert len(fcm.received) == 1


def test_each_phone_reads_its_own_language(told, phone, fcm, tell, need, bob):
    phone(bob, "english-phone", language="en")
    tell(need, bob, about="again")
    deliver()
    titles = {push["token"]: push["notification"]["title"] for push in fcm.accepted}
    assert titles == {"bob-phone": "Ana demande\u00a0: Une perceuse", "english-phone": "Ana asks: Une perceuse"}


def test_a_phone_without_a_language_of_its_own_reads_its_persons_even_if_they_choose_it_later(told, as_, bob, fcm):
    """TXT-02: nothing is copied that should be followed."""
    as_(bob).patch("/v1/me", json={"language": "en"})
    deliver()
    assert [push["notification"]["title"] for push in fcm.accepted] == ["Ana asks: Une perceuse"]


def test_a_push_tells_no_more_than_a_lock_screen_may_show(ask, listing_of, new_user, bob, phone, fcm):
    """FCM-05: type, ids and a text; canaries in everything else are not in it."""
    asker = new_user("Zoé CANARY", home=ANA_CELL, bio="CANARY", email="canary@example.org")
    bob.display_name = "Bob CANARY"
    need = listing_of(asker, description="CANARY, 12 rue du CANARY")
    answer = Answer(listing_id=need.id, user_id=bob.id, answer="yes", message="CANARY")
    phone(asker, "asker")
    phone(bob)
    ask(need, bob)
    deliver()
    db.session.add(answer)
    db.session.flush()
    publish(AnswerGiven(answer.id, need.id, bob.id, "yes"))
    deliver()
    assert [push["token"] for push in fcm.accepted] == ["bob-phone", "asker"]
    for push in fcm.accepted:
        assert "canary" not in json.dumps(push).lower()
        assert need.cell not in json.dumps(push)
        assert set(push["data"]) - {"actions"} == {"type", "notification_id", "listing_id", "link"}


def test_a_push_is_never_too_large_to_be_taken(ask, listing_of, new_user, bob, phone, fcm):
    """FCM and APNs refuse more than 4,096 bytes, and what they refuse is not tried again."""
    flag = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    phone(bob)
    ask(listing_of(new_user(flag * 60, home=ANA_CELL), title=flag * 80), bob)
    deliver()
    (message,) = fcm.accepted
    assert faults_of(message) == []
    assert message["notification"]["title"].endswith(f"{flag}…")


def test_pushes_go_to_devices_and_never_to_topics(told, fcm):
    """FCM-07: device tokens only."""
    deliver()
    assert all("topic" not in push and "condition" not in push and push["token"] for push in fcm.accepted)


@pytest.mark.parametrize(
    ("reply", "state", "device"),
    [
        (fake.OK, "sent", "enabled"),
        (fake.UNREGISTERED, "gone", "gone"),
        (fake.SENDER_ID_MISMATCH, "dead", "disabled"),
        (fake.INVALID_ARGUMENT, "dead", "enabled"),
        (fake.UNAUTHENTICATED, "waiting", "enabled"),
        (fake.PERMISSION_DENIED, "waiting", "enabled"),
        (fake.NOT_FOUND, "waiting", "enabled"),
        (fake.quota_exceeded(), "waiting", "enabled"),
        (fake.INTERNAL, "waiting", "enabled"),
        (fake.unavailable(), "waiting", "enabled"),
        (fake.RESET, "waiting", "enabled"),
    ],
)
def test_what_becomes_of_a_push(told, fcm, reply, state, device):
    """FCM-03: the whole table, through the job."""
    fcm.script(reply)
    deliver()
    assert [each.state for each in db.session.scalars(select(Delivery))] == ([] if state == "gone" else [state])
    devices = [each.disabled_at for each in db.session.scalars(select(Device))]
    assert {"gone": [], "enabled": [None]}.get(device, "disabled") == (devices if device != "disabled" else "disabled")
    assert device != "disabled" or devices[0] is not None


@pytest.mark.parametrize(("reply", "least", "most"), [(fake.INTERNAL, 10, 21), (fake.quota_exceeded("300"), 299, 301)])
def test_a_failure_is_tried_again_after_a_wait(told, fcm, later, reply, least, most):
    """FCM-03: from 10 s on, or when the server asks for it."""
    fcm.script(reply, fake.OK)
    before = clock.now()
    deliver()
    assert least <= (the_delivery().due_at - before).total_seconds() <= most
    deliver("notifications.sweep")
    assert the_delivery().state == "waiting"
    later(seconds=most)
    deliver("notifications.sweep")
    assert the_delivery().state == "sent"
    assert the_delivery().attempts == 2


def test_credentials_that_lapsed_are_renewed_once_and_the_push_goes_out(told, fcm):
    """FCM-03: 401 refreshes the credentials."""
    deliver()
    fcm.revoke()
    delivery = the_delivery()
    delivery.state, delivery.due_at = "waiting", clock.now()
    db.session.commit()
    deliver()
    assert [each.status for each in fcm.received] == [200, 401, 200]


def given_up(caplog) -> list[str]:
    return [line.error for line in caplog.records if line.message == "push given up"]


def test_what_expired_before_anybody_sent_it_is_an_error(told, fcm, later, caplog):
    """REL-10: no worker was there for as long as it was worth sending."""
    later(days=30)
    deliver()
    assert (the_delivery().state, given_up(caplog)) == ("dropped", ["expired unsent"])


def test_a_last_try_in_vain_is_an_error_and_those_before_are_warnings(told, fcm, later, caplog):
    """REL-10"""
    fcm.script(fake.unavailable())
    deliver()
    assert given_up(caplog) == []
    later(seconds=(the_delivery().expires_at - clock.now()).total_seconds() - 1)
    deliver()
    assert (the_delivery().state, len(given_up(caplog))) == ("dropped", 1)


def test_another_projects_token_raises_an_alert_without_the_token(told, fcm, caplog):
    """FCM-03: 403 sender mismatch disables the device and alerts."""
    fcm.script(fake.SENDER_ID_MISMATCH)
    deliver()
    (alert,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert alert.name == "push"
    assert "bob-phone" not in str(vars(alert))


def test_what_never_gets_through_is_dropped_at_its_end(told, fcm, later, bob):
    """FCM-03: until the message's TTL; the inbox still holds it."""
    fcm.script(fake.INTERNAL)
    deliver()
    later(hours=23, minutes=59, seconds=55)
    deliver("notifications.sweep")
    assert the_delivery().state == "dropped"
    assert db.session.scalars(select(Notification.user_id)).all() == [bob.id]


def test_the_time_to_live_shrinks_while_it_waits(told, fcm, later):
    later(hours=20)
    deliver()
    assert fcm.accepted[0]["android"]["ttl"] == f"{4 * 3600 - 1}s"


def test_a_claim_of_a_worker_that_died_is_taken_again(told, fcm, later):
    """FCM-01: nothing is lost between claim and record; meanwhile nobody else sends it."""
    assert len(deliveries.claim(10, PUBLIC_URL)) == 1
    db.session.commit()
    deliver()
    assert fcm.received == []
    later(seconds=61)
    deliver("notifications.sweep")
    assert the_delivery().state == "sent"


def test_a_worker_that_was_too_slow_no_longer_counts(told, later):
    """FCM-01: a lapsed claim says nothing against the one that took its place."""
    (slow,) = deliveries.claim(10, PUBLIC_URL)
    later(seconds=61)
    (quick,) = deliveries.claim(10, PUBLIC_URL)
    deliveries.record([(quick, Settlement("sent"))])
    deliveries.record([(slow, Settlement("dead"))])
    assert the_delivery().state == "sent"


def test_the_api_neither_waits_for_firebase_nor_fails_with_it(as_, told, fcm, later):
    """FCM-02: refusing for half an hour; the inbox answers all the while, and afterwards it arrives."""
    fcm.stop()
    client = as_(told)
    for _ in range(30):
        deliver("notifications.sweep")
        assert len(client.get("/v1/notifications").json["items"]) == 1
        later(minutes=1)
    fcm.start()
    for _ in range(60):
        deliver("notifications.sweep")
        later(minutes=1)
    assert the_delivery().state == "sent"
    assert len(fcm.accepted) == 1


def test_nothing_leaves_the_house_before_the_commit(told, fcm):
    """FCM-02: telling writes rows; whoever waits for Firebase is the worker."""
    assert fcm.received == []
    assert fcm.access_tokens_issued == 0


def _read(need, bob):
    db.session.scalars(select(Notification)).one().read_at = clock.now()


def _close(need, bob):
    need.status = "closed"


def _answer(need, bob):
    db.session.add(Answer(listing_id=need.id, user_id=bob.id, answer="later"))


def _block(need, bob):
    db.session.add(Block(blocker_id=bob.id, blocked_id=need.owner_id))


def _leave(need, bob):
    get_preferences(bob.id).away_until = clock.now() + timedelta(days=3)


def _switch_off(need, bob):
    get_preferences(bob.id).push = {"request_nearby": False}


def _ask_no_more(need, bob):
    get_preferences(bob.id).asks_per_week = 0


@pytest.mark.parametrize("change", [_read, _close, _answer, _block, _leave, _switch_off, _ask_no_more])
def test_what_has_changed_while_it_waited_is_not_pushed(told, need, fcm, change):
    """Computed from the state at sending: nobody's phone rings for what is over."""
    change(need, told)
    db.session.commit()
    deliver()
    assert fcm.received == []
    assert the_delivery().state == "dropped"


def test_a_retry_that_falls_into_quiet_hours_waits_for_their_end(told, fcm):
    """FCM-09: quiet hours hold for the second try as for the first."""
    now = clock.now()
    preferences = get_preferences(told.id)
    preferences.time_zone = "UTC"
    preferences.quiet_from, preferences.quiet_to = time(now.hour), time((now.hour + 2) % 24)
    db.session.commit()
    deliver()
    assert fcm.received == []
    assert the_delivery().state == "waiting"
    assert the_delivery().due_at.hour == (now.hour + 2) % 24


def test_the_end_is_told_to_who_had_answered_even_when_it_was_deleted(tell, need, bob, phone, fcm):
    phone(bob)
    tell(need, bob, type_name="request_closed")
    need.status, need.deleted_at = "closed", clock.now()
    db.session.commit()
    deliver()
    assert fcm.accepted[0]["notification"]["title"] == "Une demande est close"


class Meanwhile:
    """A sender during whose sending something else happens, once."""

    def __init__(self, happens, kind="sent"):
        self.happens, self.kind, self.sent = happens, kind, []

    def send_many(self, messages):
        self.sent += [message.token for message in messages]
        happens, self.happens = self.happens, lambda: None
        happens()
        return [Outcome(self.kind)] * len(messages)


@pytest.fixture
def sending_while(app, monkeypatch):
    def use(happens, kind="sent"):
        sender = Meanwhile(happens, kind)
        monkeypatch.setitem(app.extensions, jobs.SENDER, sender)
        return sender

    return use


def test_a_token_refreshed_while_the_old_one_was_refused_is_kept(told, phone, sending_while):
    """FCM-03: the dead token goes, not the phone that has a new one by now."""

    def refresh():
        db.session.scalars(select(Device)).one().fcm_token = "new"
        db.session.commit()

    sending_while(refresh, "unregistered")
    deliver()
    assert db.session.scalars(select(Device.fcm_token)).all() == ["new"]
    assert the_delivery().state == "waiting"


def test_a_run_takes_on_what_comes_while_it_is_under_way(told, need, cleo, phone, tell, sending_while):
    """One run a process: a second job leaves its work to the first and its place to other jobs."""
    phone(cleo)

    def another():
        tell(need, cleo)
        run_job("notifications.deliver")
        assert sender.sent == ["bob-phone"]

    sender = sending_while(another)
    deliver()
    assert sender.sent == ["bob-phone", "cleo-phone"]


class LetGoLate:
    """A lock that is let go only after something else has happened, once."""

    def __init__(self, happens):
        self.happens, self.lock = happens, threading.Lock()

    def acquire(self, blocking):
        return self.lock.acquire(blocking)

    def release(self):
        happens, self.happens = self.happens, lambda: None
        happens()
        self.lock.release()


def test_a_run_looks_again_for_a_job_after_its_last_look(told, need, cleo, phone, tell, sending_while, monkeypatch):
    """No push waits for the next minute because its job met a run that was about to end."""
    phone(cleo)
    sender = sending_while(lambda: None)

    def another():
        tell(need, cleo)
        run_job("notifications.deliver")
        assert sender.sent == ["bob-phone"]

    monkeypatch.setattr(jobs, "_under_way", LetGoLate(another))
    deliver()
    assert sender.sent == ["bob-phone", "cleo-phone"]


def test_a_long_run_leaves_the_rest_to_another_job(told, need, cleo, phone, tell, fcm, monkeypatch, run_jobs):
    phone(cleo)
    tell(need, cleo)
    monkeypatch.setattr(jobs, "RUN_SECONDS", 0)
    monkeypatch.setattr(jobs, "BATCH", 1)
    deliver()
    assert len(fcm.accepted) == 1
    assert run_jobs().count("notifications.deliver") >= 2
    assert len(fcm.accepted) == 2


def test_without_firebase_pushes_are_lines_of_a_file(ask, need, bob, phone, data_dir, run_jobs):
    (data_dir / "push.jsonl").unlink(missing_ok=True)
    phone(bob)
    ask(need, bob)
    run_jobs()
    (line,) = (data_dir / "push.jsonl").read_text().splitlines()
    assert json.loads(line)["installation_id"] == "bob-phone"
    assert json.loads(line)["message"]["data"]["type"] == "request_nearby"
