"""`flask --app wsgi worker`, a process as an installation runs it."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import text

from neighbourly.core.db import db, transaction
from neighbourly.core.jobs import defer
from neighbourly.devices.models import Device
from tests import people
from tests.factories.listings import ask, offer
from tests.fakes.fcm import FakeFcm
from tests.fakes.silent import silent_server
from tests.running.product import Worker, until

HANGING_MAILS = 12


@pytest.fixture
def worker(committing_app, tmp_path):
    """`worker(SMTP_URL=…)`: one on the database of the test's app."""
    return lambda **settings: Worker(tmp_path, committing_app.config["SQLALCHEMY_DATABASE_URI"], **settings)


def rows(statement: str, **values: object) -> list:
    with db.engine.begin() as connection:
        done = connection.execute(text(statement), values)
        return list(done.all()) if done.returns_rows else []


def statuses(name: str) -> list[str]:
    return [row.status for row in rows("SELECT status FROM procrastinate_jobs WHERE task_name = :name", name=name)]


def with_ladder_and_phone(name: str, cell: str) -> None:
    user = people.make(name, home=cell)
    db.session.add(Device(user_id=user.id, installation_id=name, fcm_token=name, platform="android", language="fr"))
    offer(user, "Une échelle")


def mails_that_hang(count: int) -> None:
    insert = (
        "INSERT INTO email_codes (id, email, purpose, tries, created_at, expires_at)"
        " SELECT gen_random_uuid(), 'x' || n || '@example.org', 'reset', 0, now(), now() + interval '15 minutes'"
        " FROM generate_series(1, :count) n RETURNING id"
    )
    made = [row.id for row in rows(insert, count=count)]
    with transaction():
        for code_id in made:
            defer("accounts.send_code", code_id=code_id)


def test_while_mail_and_firebase_are_silent_waves_go_out_within_a_second(worker, tmp_path):
    """REL-12: five minutes of silence are as long as the first seconds of them, since nothing ends before."""
    for n in range(HANGING_MAILS):
        people.make(f"X{n}", email=f"x{n + 1}@example.org")
    ana = people.make("Ana A.", home=people.ANA_CELL)
    with_ladder_and_phone("Bob B.", people.BOB_CELL)
    with FakeFcm() as google, silent_server() as mail, silent_server() as push:
        key = google.write_credentials(tmp_path / "key.json")
        settings = {"firebase_credentials": str(key), "fcm_url": f"http://{push}", "smtp_url": f"smtp://{mail}"}
        with worker(**settings):
            mails_that_hang(HANGING_MAILS)
            ask(ana, "Une échelle")
            until(lambda: rows("SELECT 1 FROM deliveries WHERE state = 'claimed'"), 10)
            until(lambda: statuses("accounts.send_code").count("doing") == 2, 10)
            ask(ana, "Une perceuse")
            until(lambda: statuses("matching.send_wave") == ["succeeded", "succeeded"], 1)
            assert statuses("accounts.send_code").count("doing") == 2
            assert rows("SELECT 1 FROM deliveries WHERE state = 'claimed'"), "Firebase is still silent"


def test_a_killed_workers_timetable_goes_on_with_the_next_one(worker):
    """REL-09: it died at its work, with the next run of the same queued; nothing is under way half a minute later."""
    names = "unnest(ARRAY['matching.send_due_waves', 'notifications.sweep']) name"
    dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    columns = "queue_name, task_name, lock, queueing_lock, status, worker_id"
    rows(
        f"WITH dead AS ({dead}) INSERT INTO procrastinate_jobs ({columns})"
        f" SELECT 'asking', name, name, name, 'doing', id FROM dead, {names}"
    )
    rows(f"INSERT INTO procrastinate_jobs ({columns}) SELECT 'asking', name, name, name, 'todo', NULL FROM {names}")
    with worker() as running:
        for name in ("matching.send_due_waves", "notifications.sweep"):
            until(lambda name=name: statuses(name)[0] == "aborted" and "succeeded" in statuses(name), 20)
        assert running.said().count("stalled job ended: another of its kind waits") == 2
        assert "not taken up" not in running.said()


def test_it_starts_without_a_word_of_trouble_catches_up_and_ends_when_asked(worker):
    with worker() as running:
        until(lambda: rows("SELECT 1 FROM procrastinate_workers"), 20)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(40) == 0
    assert [word for word in ("Traceback", "Exception", '"error"') if word in running.said()] == []


def test_what_an_older_version_wrote_is_noted_and_read_at_its_start(worker):
    """Nothing noted it as to be understood, and the next night is far."""
    drill = offer(people.make("Bob B.", home=people.BOB_CELL), "Perceuse")
    rows("DELETE FROM meanings")
    with worker(meaning="on") as running:
        until(lambda: rows("SELECT 1 FROM meanings WHERE listing_id = :id AND vector IS NOT NULL", id=drill.id), 60)
        assert "Traceback" not in running.said()


def suspended_at_rest(pid: int) -> bool:
    """Suspend the worker; go on again where it was amid a transaction, whose locks nobody would get past."""
    os.kill(pid, signal.SIGSTOP)
    others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    looks = [rows(f"SELECT 1 {others} AND (xact_start IS NOT NULL OR state = 'active')") for _ in range(2)]
    if not any(looks):
        return True
    os.kill(pid, signal.SIGCONT)
    return False


def test_one_that_others_took_for_dead_ends_to_be_started_anew(worker):
    """REL-09: a suspended machine; its jobs are in other hands, and its name is not on the list any more."""
    with worker() as running:
        until(lambda: rows("SELECT 1 FROM procrastinate_workers"), 20)
        until(lambda: suspended_at_rest(running.process.pid), 20)
        rows("DELETE FROM procrastinate_workers")
        os.kill(running.process.pid, signal.SIGCONT)
        assert running.process.wait(30) == 1
    assert "took it for dead" in running.said()
