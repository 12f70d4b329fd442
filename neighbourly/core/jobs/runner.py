"""Running jobs: one process, a few at a time, ending cleanly on SIGTERM; stalled ones are taken up again."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

import procrastinate
import structlog
from flask import Flask
from procrastinate.worker import Worker

from neighbourly.core.jobs.dispatching import TakenForDead
from neighbourly.core.jobs.lanes import SLOTS
from neighbourly.core.jobs.queue import bind, defer, dispatcher, queue, timetables
from neighbourly.core.jobs.stalled import Stalled
from neighbourly.core.jobs.tries import Tries

POLLING_SECONDS = 1
"""What is due again, or was missed, is found so soon."""
HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 20
LOOK_SECONDS = 10
KEPT_HOURS = 24
FAILED_KEPT_HOURS = 30 * 24
FORGET = "core.forget_finished"
TAKEN_FOR_DEAD = "worker ends: it was silent for so long that others took it for dead"
log = structlog.get_logger("jobs")


@queue.task(name="core.retry_stalled", queue="bulk")
def end_what_older_workers_ask_for(timestamp: int) -> None:
    """Do nothing: a worker of an older version asks for it every ten seconds, and the last one waits for nobody."""


@queue.periodic(cron="17 * * * *")
@queue.task(name=FORGET, queue="bulk", retry=Tries(1), lock=FORGET, queueing_lock=FORGET, pass_context=True)
async def forget_finished(context: procrastinate.JobContext, timestamp: int) -> None:
    """Delete what ended well, or was served for by another of its kind, after a day; what failed after 30."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_aborted=True)
    await manager.delete_old_jobs(nb_hours=FAILED_KEPT_HOURS, include_failed=True, include_cancelled=True)


def run_worker(app: Flask, conninfo: str) -> bool:
    """Work until SIGTERM or SIGINT; what runs then is finished first (30 s at most).

    Whether it was asked to end; if not, its connection broke or others took it for dead, and it is to be started anew.
    """
    bind(app)
    return asyncio.run(_work(conninfo))


async def _work(conninfo: str) -> bool:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(SLOTS, "job"))
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=2, max_size=6)
    with queue.replace_connector(connector):
        async with queue.open_async():
            worker = Worker(
                queue,
                concurrency=SLOTS,
                fetch_job_polling_interval=POLLING_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=30,
                install_signal_handlers=False,
            )
            dispatcher.when_lost = worker.stop
            asked = _listen_to_signals(worker)
            watch = asyncio.create_task(_watch(worker))
            try:
                await worker.run()  # type: ignore[no-untyped-call]  # the library's
            except TakenForDead:
                log.error(TAKEN_FOR_DEAD)
            except procrastinate.exceptions.ConnectorException as reason:
                log.error("worker ends: its database is out of reach", reason=type(reason.__cause__ or reason).__name__)
            finally:
                watch.cancel()
            return asked.is_set()


async def _watch(worker: Worker) -> None:
    """Beside all jobs, so that no job can hold it up: what others left half done is taken up again."""
    stalled = Stalled(queue, STALLED_SECONDS)
    while True:
        try:
            await stalled.take_up(worker.worker_id)
        except TakenForDead:
            log.error(TAKEN_FOR_DEAD)
            worker.stop()  # type: ignore[no-untyped-call]
            return
        except Exception as reason:
            # Whatever it is: nobody else takes up what this worker's colleagues left half done.
            log.warning("stalled jobs not looked for", reason=type(reason.__cause__ or reason).__name__)
        await asyncio.sleep(LOOK_SECONDS)


def _listen_to_signals(worker: Worker) -> asyncio.Event:
    """Set once somebody asks the worker to end; a second time ends it at once."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def note() -> None:
        asked.set()
        for kind in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(kind)
        worker.stop()  # type: ignore[no-untyped-call]

    for kind in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(kind, note)
    return asked


def run_timetable() -> list[str]:
    """Ask for one run of everything that recurs (the clock was moved); their names."""
    for name in timetables:
        defer(name, once=True)
    return list(timetables)
