"""Jobs: one exists exactly if the transaction that asked for it commits."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from neighbourly.core.db import BUSY_STATES, db, rollback, transaction
from neighbourly.core.ids import new_id
from neighbourly.core.jobs import defer, job
from neighbourly.core.jobs.queue import queue, timetables
from neighbourly.core.jobs.runner import run_timetable
from tests.databases import run_job

SOME_ID = UUID("0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6")


@pytest.fixture
def ran():
    """What the probe's job was called with; the job is forgotten afterwards."""
    calls: list[tuple[UUID, int]] = []

    @job("probe.note", queue="bulk")
    def note(thing_id: UUID, wave: int) -> None:
        calls.append((thing_id, wave))

    yield calls
    del queue.tasks["probe.note"]


def waiting() -> list[tuple[str, dict]]:
    """Jobs as this session sees them."""
    rows = db.session.execute(text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id"))
    return [(row.task_name, row.args) for row in rows]


def test_a_job_appears_with_the_commit_and_not_before(real_app, ran):
    """REL-08: deferred on the request's own connection, watched from another one."""
    outside = create_engine(real_app.config["SQLALCHEMY_DATABASE_URI"], isolation_level="AUTOCOMMIT")

    def seen() -> int:
        with outside.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0

    with real_app.app_context():
        with transaction():
            defer("probe.note", thing_id=SOME_ID, wave=1)
            assert seen() == 0
        assert seen() == 1
    outside.dispose()


def test_a_rollback_leaves_no_job(real_app, ran):
    with real_app.app_context():
        with suppress(RuntimeError), transaction():
            defer("probe.note", thing_id=SOME_ID, wave=1)
            assert len(waiting()) == 1
            raise RuntimeError
        assert waiting() == []


def test_arguments_are_ids_and_arrive_as_such(app, ran, run_jobs):
    defer("probe.note", thing_id=SOME_ID, wave=3)
    assert waiting() == [("probe.note", {"thing_id": str(SOME_ID), "wave": 3})]
    assert run_jobs() == ["probe.note"]
    assert ran == [(SOME_ID, 3)]


def test_a_job_that_waits_already_serves_again(app, ran):
    """`once`: for the same arguments, and only while it waits."""
    for wave in (1, 1, 2, 1):
        defer("probe.note", once=True, thing_id=SOME_ID, wave=wave)
    assert [args["wave"] for _, args in waiting()] == [1, 2]
    db.session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    defer("probe.note", once=True, thing_id=SOME_ID, wave=1)
    assert len(waiting()) == 3


def test_asking_for_one_that_waits_keeps_what_else_was_written(app, ran, ana):
    """The refusal of the queue is a savepoint's, not the request's."""
    ana.bio = "written in the same transaction"
    for _ in range(2):
        defer("probe.note", once=True, thing_id=SOME_ID, wave=1)
    db.session.commit()
    db.session.expire_all()
    assert ana.bio == "written in the same transaction"


def test_who_waits_too_long_for_anothers_asking_hears_that_the_database_is_busy(real_app, ran):
    """REL-06: two transactions ask for the same job once; the second waits for the first, but not for ever."""
    first = create_engine(real_app.config["SQLALCHEMY_DATABASE_URI"])
    columns = "queue_name, task_name, priority, args, queueing_lock"
    asked = f"INSERT INTO procrastinate_jobs ({columns}) VALUES ('default', 'probe.note', 0, '{{}}', :lock)"
    with real_app.app_context(), first.begin() as held:
        held.execute(text(asked), {"lock": f"probe.note {SOME_ID} 1"})
        db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError) as refused:
            defer("probe.note", once=True, thing_id=SOME_ID, wave=1)
        rollback()
        assert refused.value.orig.sqlstate in BUSY_STATES
        held.rollback()
    first.dispose()


def test_everything_that_recurs_can_be_asked_for_at_once(app):
    """`demo tick` moves the clock, then asks for what is due."""
    assert run_timetable() == timetables != []
    assert sorted(name for name, _ in waiting()) == sorted(timetables)
    run_timetable()
    assert len(waiting()) == len(timetables)
    locks = db.session.execute(text("SELECT task_name, lock FROM procrastinate_jobs")).all()
    assert all(name == lock for name, lock in locks), "none of them runs beside itself"


def test_all_that_recurs_runs_on_an_empty_database(app, run_jobs):
    run_timetable()
    assert set(timetables) <= set(run_jobs())


def test_what_a_worker_of_an_older_version_asked_for_last_does_not_wait_for_ever(app, run_jobs):
    """REL-10: it would be told as overdue, although nothing is."""
    asked = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'core.retry_stalled', :args)"
    )
    db.session.execute(text(asked), {"args": '{"timestamp": 1}'})
    assert run_jobs() == ["core.retry_stalled"]


def test_a_job_runs_by_its_name(app, ran):
    thing = new_id()
    run_job("probe.note", thing_id=str(thing), wave=1)
    assert ran == [(thing, 1)]
