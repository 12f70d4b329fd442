"""The watch beside a server or a worker: it alarms, and ends what the database has outgrown."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from neighbourly.cli.sentences import Refused
from neighbourly.cli.watching import ALARM_AGAIN_SECONDS, Watch
from neighbourly.core import zones
from neighbourly.core.db import db
from tests.running.product import ROOT, environment, free_port, until

NEWER = "This database is of a newer neighbourly (revision 9999): install that version or a later."


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(real_app, clock):
    with real_app.app_context():
        yield Watch(real_app, serves_on_seconds=45, clock=clock)


def change(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def migrated_by_a_newer_version() -> None:
    change("UPDATE alembic_version SET version_num = '9999'")


def alarms(caplog) -> list[list[str]]:
    return [line.troubles for line in caplog.records if line.message == "jobs need a look"]


def test_nothing_starts_on_a_newer_database(watch):
    watch.refuse_newer()
    migrated_by_a_newer_version()
    with pytest.raises(Refused, match="install that version or a later"):
        watch.refuse_newer()


def test_what_serves_while_the_database_is_migrated_goes_on_for_a_while_and_ends(watch, clock):
    """Others of the new version start meanwhile."""
    migrated_by_a_newer_version()
    assert watch.look() is None
    clock.now += 44
    assert watch.look() is None
    clock.now += 1
    assert watch.look() == NEWER


def test_an_older_database_is_no_reason_to_end(watch):
    change("UPDATE alembic_version SET version_num = '0013'")
    watch.refuse_newer()
    assert watch.look() is None


def test_an_alarm_is_one_line_until_something_changes_or_ten_minutes_have_passed(watch, clock, caplog):
    """REL-10"""
    for seconds in (0, 15, ALARM_AGAIN_SECONDS):
        clock.now += seconds
        watch.look()
    assert alarms(caplog) == [["no worker is at work"]] * 2
    change(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 'accounts.send_code', 'failed')"
    )
    watch.look()
    assert alarms(caplog)[2:] == [["no worker is at work", "accounts.send_code (1) failed, the first 0 s ago"]]


def test_an_alarm_names_what_stalled_and_failed_and_the_age_of_the_oldest_due_work(watch, caplog):
    """REL-10"""
    for name in ("notifications.sweep", "matching.send_wave"):
        change(f"INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', '{name}')")
    change("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'notifications.sweep'")
    change("UPDATE procrastinate_events SET at = now() - interval '100 seconds'")
    watch.look()
    (line,) = [line for line in caplog.records if line.message == "jobs need a look"]
    assert (line.levelname, line.stalled, line.oldest_due_job) == (
        "ERROR",
        {"notifications.sweep": 1},
        "matching.send_wave",
    )
    assert 100 <= line.oldest_due_seconds < 110


def test_when_it_is_over_that_is_a_line_too(watch, caplog):
    watch.look()
    change("INSERT INTO procrastinate_workers DEFAULT VALUES")
    watch.look()
    assert [line.message for line in caplog.records] == ["jobs need a look", "jobs are well again"]


class Program:
    """A server or a worker, and those that it starts."""

    def __init__(self, app: Flask, folder: Path, *command: str) -> None:
        url = app.config["SQLALCHEMY_DATABASE_URI"].set(drivername="postgresql")
        settings = {"database_url": url.render_as_string(hide_password=False), "meaning": "off"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment(folder, **settings),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said, once it has ended by itself."""
        try:
            said = self.process.communicate(timeout=60)[1]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.returncode, said


SERVED = ["granian", "--interface", "rsgi", "--log-level", "error", "--port", str(free_port())]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["flask", "--app", "wsgi", "worker"], {1}),
        ([*SERVED, "wsgi:served"], {1}),
        # granian starts its failed processes again, and is asked to end by the second that refuses
        ([*SERVED, "--respawn-failed-workers", "wsgi:served"], {0, 1}),
    ],
    ids=["worker", "web", "web that is started again"],
)
def test_worker_and_web_refuse_a_newer_database_and_end(real_app, tmp_path, command, expected):
    """One sentence, and the end."""
    with real_app.app_context():
        migrated_by_a_newer_version()
    code, said = Program(real_app, tmp_path, *command).end()
    assert code in expected
    assert NEWER in said
    assert "Traceback" not in said


def test_a_worker_that_runs_ends_when_the_database_outgrows_it(real_app, tmp_path):
    with real_app.app_context():
        program = Program(real_app, tmp_path, "flask", "--app", "wsgi", "worker")
        until(lambda: is_at_work() or program.process.poll() is not None, 30)
        migrated_by_a_newer_version()
        code, said = program.end()
    assert code == 1
    assert NEWER in said


def is_at_work() -> bool:
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM procrastinate_workers")))


def test_zones_that_no_name_helps_against_are_told_at_the_start(watch, caplog, monkeypatch):
    """BOK-03: where PostgreSQL has a name for the same rules, it is asked by that one."""
    found = [zones.Difference("Africa/Casablanca", None, None), zones.Difference("CET", None, "Europe/Brussels")]
    monkeypatch.setattr(zones, "compare", lambda *_: found)
    watch.compare_zones()
    assert zones.names_in_postgres() == '{"CET":"Europe/Brussels"}'
    told = [line.zones for line in caplog.records if line.message == "PostgreSQL knows other rules of time zones"]
    assert told == [["Africa/Casablanca"]]
    zones.adopt([])
