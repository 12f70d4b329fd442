"""Running jobs: one process, a few at a time, ending cleanly on SIGTERM; stalled ones are taken up again."""

from __future__ import annotations

import asyncio

import procrastinate
import structlog
from flask import Flask

from neighbourly.core.jobs.queue import bind, defer, queue, timetables

CONCURRENCY = 4
HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 20
KEPT_HOURS = 24
log = structlog.get_logger("jobs")


@queue.periodic(cron="* * * * * */10")
@queue.task(name="core.retry_stalled", queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Take up again what a dead worker left half done."""
    for stalled in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("stalled job taken up again", job=stalled.task_name)
        await context.app.job_manager.retry_job(stalled)


@queue.periodic(cron="17 * * * *")
@queue.task(name="core.forget_finished", queueing_lock="core.forget_finished", pass_context=True)
async def forget_finished(context: procrastinate.JobContext, timestamp: int) -> None:
    """Delete jobs that ended well a day ago."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)


def run_worker(app: Flask, conninfo: str) -> None:
    """Work until SIGTERM or SIGINT; what runs then is finished first (30 s at most)."""
    bind(app)
    asyncio.run(_work(conninfo))


async def _work(conninfo: str) -> None:
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=2, max_size=CONCURRENCY + 2)
    with queue.replace_connector(connector):
        async with queue.open_async():
            await queue.run_worker_async(
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=5,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=30,
            )


def run_timetable() -> list[str]:
    """Ask for one run of everything that recurs (the clock was moved); their names."""
    for name in timetables:
        defer(name, once=True)
    return list(timetables)
