"""The health of the background work can be asked, and what needs a look is told (REL-10)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from neighbourly.core.db import db
from neighbourly.core.jobs import (
    health,
    runner,  # noqa: F401  # its job is one
)
from neighbourly.core.jobs.health import Health, Kind
from neighbourly.core.jobs.queue import queue, queues

WAVES = "matching.send_due_waves"
MAIL = "accounts.send_code"
NIGHT = "listings.understand_anew"


def kind(state: str, job: str, seconds: int, *, tries: int = 0) -> Kind:
    return Kind(state, job, 1, tries, seconds)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (kind("due", WAVES, 61), f"{WAVES} (1) due for 61 s"),
        (kind("due", WAVES, 59), None),
        (kind("due", MAIL, 150), f"{MAIL} (1) due for 2 min"),
        (kind("due", NIGHT, 1200), None),
        (kind("due", NIGHT, 7300), f"{NIGHT} (1) due for 2 h"),
        (
            kind("due", "matching.of_tomorrow", 61),
            "matching.of_tomorrow (1) due for 61 s: no worker of this version knows it",
        ),
        (kind("under_way", WAVES, 101), f"{WAVES} (1) under way for 101 s"),
        (kind("under_way", WAVES, 99), None),
        (kind("under_way", NIGHT, 7300), None),
        (kind("stalled", WAVES, 70), f"{WAVES} (1) stalled: begun 70 s ago by a worker that is gone"),
        (kind("failed", MAIL, 7300), f"{MAIL} (1) failed, the first 2 h ago"),
        (kind("failed_before", MAIL, 200_000), None),
        (kind("made_up_for", WAVES, 60), None),
        (kind("behind", WAVES, 6000), None),
        (kind("delayed", MAIL, -20, tries=3), f"{MAIL} (1) put off again and again: tried 3 times"),
        (kind("delayed", MAIL, -20, tries=2), None),
        (kind("under_way", MAIL, 5, tries=2), None),
        (kind("scheduled", MAIL, -20), None),
    ],
)
def test_what_needs_a_look_and_what_is_as_it_should_be(app, kind, said):
    """REL-10: a queue that does not move is seen within 2 minutes."""
    assert [each.said for each in health.troubles(Health(1, [kind]), queues())] == ([said] if said else [])


@pytest.mark.parametrize("state", ["due", "under_way"])
def test_what_was_tried_in_vain_is_not_well_again_for_the_time_of_another_try(app, state):
    """REL-10: a silent server keeps each try busy for seconds, in which the next look may fall."""
    waits, runs = (
        health.troubles(Health(1, [each]), queues())
        for each in (kind("delayed", MAIL, -20, tries=3), kind(state, MAIL, 5, tries=3))
    )
    assert runs
    assert health.are_same(waits, runs)


def test_whatever_recurs_makes_up_for_its_failure_by_its_next_run(app):
    """A failure is made up for by a later job under the same lock."""
    recurring = [each.task for each in queue.periodic_registry.periodic_tasks.values()]
    assert recurring
    assert [each.name for each in recurring if each.lock != each.name] == []


def test_without_a_worker_nothing_is_due_and_yet_nothing_is_done(app):
    """Timetables are deferred by workers alone."""
    assert [each.said for each in health.troubles(Health(0, []), queues())] == ["no worker is at work"]


def insert(
    name: str, status: str, *, ago: int = 0, lock: str | None = None, at: int | None = None, tries: int = 0
) -> None:
    made = db.session.scalar(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, worker_id, attempts)"
            " VALUES ('q', :name, :lock, :at, :tries) RETURNING id"
        ),
        {"name": name, "lock": lock, "at": at, "tries": tries},
    )
    for change in (
        "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status) WHERE id = :id",
        "UPDATE procrastinate_events SET at = now() - make_interval(secs => :ago) WHERE job_id = :id",
    ):
        db.session.execute(text(change), {"id": made, "status": status, "ago": ago})


def worker(silent: int) -> int:
    beat = "now() - make_interval(secs => :silent)"
    made = text(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({beat}) RETURNING id")
    return db.session.scalar(made, {"silent": silent})


def seen() -> Health:
    return health.look(db.session.connection())


def states() -> dict[str, str]:
    return {each.job: each.state for each in seen().kinds}


def test_the_oldest_due_work_has_its_age(app):
    insert(WAVES, "todo", ago=90)
    insert(MAIL, "todo", ago=30)
    found = seen().as_dict()
    assert (found["oldest_due_job"], found["workers"]) == (WAVES, 0)
    assert 90 <= found["oldest_due_seconds"] < 95


def test_what_is_under_way_by_a_worker_that_is_gone_has_stalled(app):
    insert(WAVES, "doing", at=worker(silent=5))
    insert(MAIL, "doing", at=worker(silent=120))
    insert(NIGHT, "doing", ago=120)
    assert states() == {WAVES: "under_way", MAIL: "stalled", NIGHT: "stalled"}
    assert seen().workers == 1


def test_who_waits_for_the_same_lock_is_behind_and_not_late(app):
    insert(WAVES, "doing", at=worker(silent=5), lock=WAVES)
    insert(WAVES, "todo", ago=600, lock=WAVES)
    assert {each.state for each in seen().kinds} == {"under_way", "behind"}


def test_a_timetables_failure_is_made_up_for_by_its_next_run_and_a_mails_is_not(app):
    for name, lock in ((WAVES, WAVES), (MAIL, None)):
        insert(name, "failed", lock=lock)
        insert(name, "succeeded", lock=lock)
    assert states() == {WAVES: "made_up_for", MAIL: "failed"}


def test_what_waits_for_another_try_is_put_off(app):
    insert(MAIL, "todo", tries=3)
    insert(NIGHT, "todo")
    db.session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 minute'"))
    assert states() == {MAIL: "delayed", NIGHT: "scheduled"}
