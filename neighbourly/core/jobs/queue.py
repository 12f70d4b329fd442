"""Declaring jobs and deferring them by name on the transaction's own connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import procrastinate
import psycopg
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from neighbourly.core import soundness
from neighbourly.core.db import db
from neighbourly.core.jobs.dispatching import Dispatcher
from neighbourly.core.jobs.lanes import LANES, Queue
from neighbourly.core.jobs.tries import MOST_TRIES, Tries

Work = TypeVar("Work", bound=Callable[..., None])

queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
_door = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""By which jobs come in: the worker's asynchronous connector on `queue` cannot use a session's connection."""
dispatcher = queue.job_manager = Dispatcher(queue)
timetables: list[str] = []
_flask: list[Flask] = []


def bind(app: Flask) -> None:
    """Run jobs within this app from now on."""
    _flask[:] = [app]


def job(name: str, *, queue: Queue) -> Callable[[Work], Work]:
    """Declare a job and the queue whose slots it takes; arguments annotated as UUID arrive as such.

    The function runs inside the app's context and opens its own transactions, so that none is held while it
    waits for somebody else's server. It may run again after a crash: it computes what to do from the state. What it
    cannot do it does not pass over: it raises `Delayed` or `GivenUp`.
    """

    def declare(work: Work) -> Work:
        _task(name, queue, retry=Tries(MOST_TRIES))(_within_app(work))
        return work

    return declare


def timetable(cron: str, name: str, *, queue: Queue) -> Callable[[Work], Work]:
    """Declare work that recurs by a cron line in UTC, one at a time; where it fails, the next time makes up for it."""

    def declare(work: Work) -> Work:
        task = _task(name, queue, retry=Tries(1), lock=name, queueing_lock=name)(_within_app(work))
        _recur(cron, task)
        timetables.append(name)
        return work

    return declare


def _task(name: str, lane: Queue, **options: Any) -> Callable[[Callable[..., None]], Any]:
    return queue.task(name=name, queue=lane, priority=LANES[lane].priority, **options)


def _recur(cron: str, task: Any) -> None:
    queue.periodic(cron=cron)(task)


def queues() -> dict[str, str]:
    """The queue of each job that this version knows."""
    return {name: task.queue for name, task in queue.tasks.items() if task.queue in LANES}


def defer(name: str, *, once: bool = False, **ids: UUID | str | int) -> None:
    """Have the job done after this transaction commits; never, if it does not.

    `once`: where the same job already waits to start, that one serves.
    """
    arguments: dict[str, Any] = {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    task = queue.tasks[name]
    declared: Any = {"lock": task.lock, "queue": task.queue, "priority": task.priority}
    with _as_the_database_says_it():
        if not once:
            _door.configure_task(name, connection=_connection(), **declared).defer(**arguments)
            return
        waiting = " ".join([name, *(str(value) for value in arguments.values())])
        with suppress(procrastinate.exceptions.AlreadyEnqueued, IntegrityError), db.session.begin_nested():
            # The savepoint exists only once the session hands out its connection within it.
            _door.configure_task(name, connection=_connection(), queueing_lock=waiting, **declared).defer(**arguments)


@contextmanager
def _as_the_database_says_it() -> Iterator[None]:
    """Of two transactions that ask for the same job once, one waits for the other, and not for ever."""
    try:
        yield
    except procrastinate.exceptions.ConnectorException as reason:
        if isinstance(reason.__cause__, psycopg.OperationalError):
            raise OperationalError("defer", None, reason.__cause__) from reason
        raise


def _connection() -> Any:
    """The driver's connection that the session writes on."""
    return db.session.connection().connection.driver_connection


def _within_app(work: Callable[..., None]) -> Callable[..., None]:
    hints = {name: hint for name, hint in get_type_hints(work).items() if name != "return"}

    @wraps(work)
    def run(timestamp: int = 0, **arguments: Any) -> None:
        taken = {name: UUID(value) if hints[name] is UUID else value for name, value in arguments.items()}
        with _flask[0].app_context(), soundness.noted():
            work(**taken)

    return run
