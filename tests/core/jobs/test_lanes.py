"""Queues with slots of their own: what waits for somebody else's server keeps no neighbour waiting (REL-12)."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import procrastinate
import pytest
from procrastinate.jobs import Status
from sqlalchemy import text

from neighbourly.core.db import db, transaction
from neighbourly.core.jobs import defer
from neighbourly.core.jobs.dispatching import Dispatcher
from neighbourly.core.jobs.lanes import LANES
from neighbourly.core.jobs.queue import queue, timetables

THING = "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"


@pytest.fixture
def dispatch(real_app):
    """`dispatch(acts)`: a worker's dispatcher on an empty queue, for an asynchronous function."""
    conninfo = real_app.config["SQLALCHEMY_DATABASE_URI"].set(drivername="postgresql")

    def run(acts):
        async def work():
            connector = procrastinate.PsycopgConnector(conninfo=conninfo.render_as_string(hide_password=False))
            with queue.replace_connector(connector):
                async with queue.open_async():
                    return await acts(Dispatcher(queue), await queue.job_manager.register_worker())

        return asyncio.run(work())

    with real_app.app_context():
        yield run


def asked(*names: str) -> None:
    with transaction():
        for name in names:
            arguments = {"code_id": THING} if name == "accounts.send_code" else {"listing_id": THING}
            defer(name, **({} if name == "notifications.deliver" else arguments))


async def fetched(dispatcher: Dispatcher, worker_id: int) -> list:
    taken = []
    while job := await dispatcher.fetch_job(None, worker_id):
        taken.append(job)
    return taken


def test_every_job_and_every_timetable_has_a_queue(app):
    own = {name: task.queue for name, task in queue.tasks.items() if "builtin" not in name}
    assert own.keys() >= set(timetables) | {"core.forget_finished"}
    assert [name for name, where in own.items() if where not in LANES] == []
    assert {task.name for task in queue.tasks.values() if task.queue == "mail"} == {
        "accounts.send_code",
        "accounts.send_notice",
    }


def test_what_neighbours_wait_for_goes_first():
    """Waves and pushes before mail, mail before understanding, understanding before what comes in bulk."""
    assert list(LANES) == ["asking", "pushes", "mail", "understanding", "bulk"]
    assert all(first.priority > second.priority for first, second in pairwise(LANES.values()))


def test_mail_takes_its_own_slots_and_a_wave_finds_one(dispatch):
    asked(*["accounts.send_code"] * 12, "listings.understand", "notifications.deliver", "matching.send_wave")
    taken = dispatch(fetched)
    names = [job.task_name for job in taken]
    assert names[:2] == ["matching.send_wave", "notifications.deliver"]
    assert (names.count("accounts.send_code"), names[-1]) == (LANES["mail"].slots, "listings.understand")


@pytest.mark.parametrize("ends", ["finish", "retry", "raise"])
def test_a_slot_is_free_again_however_the_job_ends(dispatch, ends):
    asked(*["accounts.send_code"] * (LANES["mail"].slots + 1))

    async def end_one(dispatcher, worker_id):
        first, *_ = await fetched(dispatcher, worker_id)
        if ends == "retry":
            await dispatcher.retry_job(first)
        else:
            await dispatcher.finish_job(first, Status.SUCCEEDED, delete_job=ends == "raise")
        return await fetched(dispatcher, worker_id)

    assert len(dispatch(end_one)) == 1


def test_what_was_tried_comes_after_what_was_not(dispatch):
    """A mail that hangs again and again does not keep a newcomer's from its first try."""
    asked("accounts.send_code", "accounts.send_code")
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE procrastinate_jobs SET attempts = 1 WHERE id = (SELECT min(id) FROM procrastinate_jobs)")
        )
    assert [job.attempts for job in dispatch(fetched)] == [0, 1]


def test_a_job_of_an_unknown_name_waits_for_who_knows_it(dispatch):
    """A newer version's, or an older one's: it is not tried, so no try of it is lost."""
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('asking', 'matching.of_tomorrow')")
        )
    assert dispatch(fetched) == []
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT status, attempts FROM procrastinate_jobs")).one()
    assert tuple(found) == ("todo", 0)


def test_a_job_that_an_older_version_asked_for_takes_the_slots_of_its_kind(dispatch):
    with db.engine.begin() as connection:
        for _ in range(3):
            connection.execute(
                text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'accounts.send_code')")
            )
    assert len(dispatch(fetched)) == LANES["mail"].slots


def test_a_failing_job_whose_twin_waits_ends_and_the_twin_serves(dispatch):
    """REL-09: it could not wait beside it, and would be under way for ever."""
    with transaction():
        defer("matching.send_wave", once=True, listing_id=THING)

    async def fail_beside_twin(dispatcher, worker_id):
        (first,) = await fetched(dispatcher, worker_id)
        await asyncio.to_thread(ask_again)
        await dispatcher.retry_job(first)
        return await fetched(dispatcher, worker_id)

    def ask_again() -> None:
        with db.engine.begin() as connection:
            copied = "queue_name, task_name, args, queueing_lock"
            connection.execute(
                text(f"INSERT INTO procrastinate_jobs ({copied}) SELECT {copied} FROM procrastinate_jobs")
            )

    assert len(dispatch(fail_beside_twin)) == 1
    with db.engine.connect() as connection:
        found = connection.scalars(text("SELECT status FROM procrastinate_jobs ORDER BY id")).all()
    assert found == ["aborted", "doing"]


def test_a_worker_that_froze_finds_its_job_done_and_goes_on(dispatch, caplog):
    asked("matching.send_wave")

    async def finish_twice(dispatcher, worker_id):
        (job,) = await fetched(dispatcher, worker_id)
        await queue.job_manager.finish_job_by_id_async(job.id, Status.SUCCEEDED, delete_job=False)
        await dispatcher.finish_job(job, Status.SUCCEEDED, delete_job=False)

    dispatch(finish_twice)
    assert [line.message for line in caplog.records] == ["job was taken over meanwhile"]
