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

from neighbourly.core.db import db

Work = TypeVar("Work", bound=Callable[..., None])
RETRIES = procrastinate.RetryStrategy(max_attempts=8, exponential_wait=3)
"""Tries after 3, 9, 27 … seconds, the last after about half an hour; then the job stays as failed, to be seen."""

queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
_door = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""By which jobs come in: the worker's asynchronous connector on `queue` cannot use a session's connection."""
timetables: list[str] = []
_flask: list[Flask] = []


def bind(app: Flask) -> None:
    """Run jobs within this app from now on."""
    _flask[:] = [app]


def job(name: str) -> Callable[[Work], Work]:
    """Declare a job; arguments annotated as UUID arrive as such.

    The function runs inside the app's context and opens its own transactions, so that none is held while it
    waits for somebody else's server. It may run again after a crash: it computes what to do from the state.
    """

    def declare(work: Work) -> Work:
        queue.task(name=name, retry=RETRIES)(_within_app(work))
        return work

    return declare


def timetable(cron: str, name: str) -> Callable[[Work], Work]:
    """Declare work that recurs by a cron line in UTC, one at a time."""

    def declare(work: Work) -> Work:
        task = queue.task(name=name, lock=name, queueing_lock=name)(_within_app(work))
        queue.periodic(cron=cron)(task)
        timetables.append(name)
        return work

    return declare


def defer(name: str, *, once: bool = False, **ids: UUID | str | int) -> None:
    """Have the job done after this transaction commits; never, if it does not.

    `once`: where the same job already waits to start, that one serves.
    """
    arguments: dict[str, Any] = {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    lock = queue.tasks[name].lock if name in queue.tasks else None
    with _as_the_database_says_it():
        if not once:
            _door.configure_task(name, connection=_connection(), lock=lock).defer(**arguments)
            return
        waiting = " ".join([name, *(str(value) for value in arguments.values())])
        with suppress(procrastinate.exceptions.AlreadyEnqueued, IntegrityError), db.session.begin_nested():
            # The savepoint exists only once the session hands out its connection within it.
            _door.configure_task(name, connection=_connection(), lock=lock, queueing_lock=waiting).defer(**arguments)


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
        with _flask[0].app_context():
            work(**taken)

    return run
