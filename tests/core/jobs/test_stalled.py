"""Stalled jobs: each is taken up by itself, and none holds up another (REL-09)."""

from __future__ import annotations

import asyncio
import logging

import procrastinate
import pytest
from sqlalchemy import text

from neighbourly.core.db import db
from neighbourly.core.jobs.dispatching import TakenForDead
from neighbourly.core.jobs.queue import queue
from neighbourly.core.jobs.stalled import Stalled

WAVES = "matching.send_due_waves"
SWEEP = "notifications.sweep"


@pytest.fixture
def run(real_app):
    """SQL as an operator runs it, committed; the rows."""
    with real_app.app_context():

        def execute(statement: str, **values: object) -> list:
            with db.engine.begin() as connection:
                done = connection.execute(text(statement), values)
                return list(done.all()) if done.returns_rows else []

        yield execute


@pytest.fixture
def take_up(real_app):
    """Look once for what stalled, as that worker."""
    conninfo = real_app.config["SQLALCHEMY_DATABASE_URI"].set(drivername="postgresql")

    def look(times: int = 1, own: int | None = None) -> None:
        async def looks() -> None:
            connector = procrastinate.PsycopgConnector(conninfo=conninfo.render_as_string(hide_password=False))
            with queue.replace_connector(connector):
                async with queue.open_async():
                    stalled = Stalled(queue, silent_seconds=20)
                    for _ in range(times):
                        await stalled.take_up(own)

        asyncio.run(looks())

    return look


def worker(run, silent_seconds: int) -> int:
    beat = "clock_timestamp() - make_interval(secs => :silent)"
    insert = f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({beat}) RETURNING id"
    return run(insert, silent=silent_seconds)[0].id


def job(run, name: str, status: str, at: int | None = None, *, lock: str | None = None, attempts: int = 0) -> int:
    insert = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, lock, queueing_lock, attempts)"
        " VALUES ('q', :name, CAST(:status AS procrastinate_job_status), :at, :lock, :lock, :attempts) RETURNING id"
    )
    return run(insert, name=name, status=status, at=at, lock=lock, attempts=attempts)[0].id


def status(run, job_id: int) -> str:
    return run("SELECT status FROM procrastinate_jobs WHERE id = :id", id=job_id)[0].status


def test_where_a_twin_waits_the_stalled_one_ends_and_the_twin_serves(run, take_up):
    """REL-09: a worker is killed inside a timetable job with its next run queued."""
    dead = worker(run, silent_seconds=60)
    held = [job(run, name, "doing", dead, lock=name) for name in (WAVES, SWEEP)]
    twins = [job(run, name, "todo", lock=name) for name in (WAVES, SWEEP)]
    other = job(run, "listings.understand", "doing", dead)
    take_up()
    assert [status(run, each) for each in held] == ["aborted", "aborted"]
    assert [status(run, each) for each in [*twins, other]] == ["todo", "todo", "todo"]
    fetched = run("SELECT (procrastinate_fetch_job_v2(NULL, :at)).id", at=worker(run, 0))
    assert fetched[0].id == twins[0], "its lock is free"


def test_what_stalled_without_a_twin_waits_anew(run, take_up):
    stalled = job(run, WAVES, "doing", worker(run, silent_seconds=60), lock=WAVES)
    take_up()
    assert run("SELECT status, attempts FROM procrastinate_jobs WHERE id = :id", id=stalled) == [("todo", 1)]


def test_of_two_that_stalled_under_one_queueing_lock_one_serves(run, take_up):
    dead = worker(run, silent_seconds=60)
    insert = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, queueing_lock)"
        " VALUES ('q', 'matching.send_wave', 'doing', :at, 'one need') RETURNING id"
    )
    both = [run(insert, at=dead)[0].id for _ in range(2)]
    take_up()
    assert [status(run, each) for each in both] == ["todo", "aborted"]


def test_jobs_whose_worker_is_forgotten_are_taken_up_too(run, take_up):
    dead = worker(run, silent_seconds=60)
    stalled = job(run, WAVES, "doing", dead, lock=WAVES)
    run("SELECT procrastinate_prune_stalled_workers_v1(20)")
    take_up()
    assert status(run, stalled) == "todo"


def test_what_a_living_worker_does_is_left_to_it(run, take_up):
    alive = worker(run, silent_seconds=5)
    under_way = job(run, WAVES, "doing", alive, lock=WAVES)
    take_up()
    assert status(run, under_way) == "doing"


def test_a_worker_that_wakes_leaves_its_own_jobs_alone(run, take_up):
    """A suspended machine: its heart is about to beat again, and its jobs go on in their threads."""
    own = worker(run, silent_seconds=600)
    under_way = job(run, WAVES, "doing", own, lock=WAVES)
    take_up(own=own)
    assert status(run, under_way) == "doing"


def test_a_worker_that_was_taken_for_dead_ends(run, take_up):
    own = worker(run, silent_seconds=60)
    run("SELECT procrastinate_prune_stalled_workers_v1(20)")
    with pytest.raises(TakenForDead):
        take_up(own=own)


def test_a_job_that_no_worker_lives_through_is_given_up_and_told(run, take_up, caplog):
    poison = job(run, "listings.understand", "doing", worker(run, silent_seconds=60), attempts=8)
    take_up()
    assert status(run, poison) == "failed"
    assert [(line.message, line.job) for line in caplog.records if line.levelno == logging.ERROR] == [
        ("job given up", "listings.understand")
    ]


def test_one_that_cannot_be_taken_up_is_told_once_and_holds_up_no_other(run, take_up, caplog):
    """REL-09: whatever the database refuses about one row."""
    dead = worker(run, silent_seconds=60)
    refused = job(run, WAVES, "doing", dead, lock=WAVES)
    behind = job(run, SWEEP, "doing", dead, lock=SWEEP)
    run(f"ALTER TABLE procrastinate_jobs ADD CHECK (id <> {refused} OR status = 'doing')")
    take_up(times=3)
    assert (status(run, refused), status(run, behind)) == ("doing", "todo")
    told = [line.job for line in caplog.records if line.message == "stalled job not taken up"]
    assert told == [WAVES]
