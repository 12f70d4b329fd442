"""Beside a server or a worker: a thread that alarms, and that ends the process when the database outgrows it.

It hangs on nothing that it watches: a worker that is stuck is told of by the web processes, and by its own thread.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from threading import Event, Thread

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from neighbourly.cli.lifeline import end_parent_that_tries_again
from neighbourly.cli.migrating import NEWER, current_revision, known_revisions
from neighbourly.cli.sentences import Refused
from neighbourly.core import clock, zones
from neighbourly.core.db import db
from neighbourly.core.jobs import health
from neighbourly.core.jobs.queue import queues

LOOK_SECONDS = 15.0
SERVES_ON_SECONDS = 45.0
"""So long a web process goes on where the database was migrated: others of the new version start meanwhile."""
ALARM_AGAIN_SECONDS = 600.0
log = structlog.get_logger("jobs")


class Watch:
    """Looks at the revision and at the jobs; the revisions that this program knows are read once, at its start.

    Its folder may hold another version by the time that it looks.
    """

    def __init__(self, app: Flask, *, serves_on_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock = app, clock
        self._serves_on = serves_on_seconds
        with app.app_context():
            self._known = known_revisions(app)
        self._outgrown_since: float | None = None
        self._troubles: list[health.Trouble] = []
        self._alarmed_at = 0.0

    def refuse_newer(self) -> None:
        """Raise `Refused` where the database is of a newer version; one out of reach is not this one's business."""
        try:
            revision = self._revision()
        except OperationalError:
            return
        if self._is_newer(revision):
            raise Refused(NEWER.format(revision=revision))

    def compare_zones(self) -> None:
        """From here on PostgreSQL is asked by names that mean there what they mean here; tell where there is none."""
        with self._app.app_context(), db.engine.connect() as connection:
            found = zones.compare(connection, clock.now())
        zones.adopt(found)
        nameless = [each.zone for each in found if each.known_as is None]
        if nameless:
            log.warning("PostgreSQL knows other rules of time zones", zones=nameless)

    def look(self) -> str | None:
        """Alarm where something needs it; the sentence with which the process ends, if it has to."""
        revision = self._revision()
        if self._is_newer(revision):
            now = self._clock()
            self._outgrown_since = now if self._outgrown_since is None else self._outgrown_since
            return NEWER.format(revision=revision) if now - self._outgrown_since >= self._serves_on else None
        self._outgrown_since = None
        if revision is not None:
            self._alarm()
        return None

    def _revision(self) -> str | None:
        with self._app.app_context():
            return current_revision()

    def _is_newer(self, revision: str | None) -> bool:
        return revision is not None and revision not in self._known

    def _alarm(self) -> None:
        """One line when something begins or ends, and again every ten minutes while it lasts."""
        with self._app.app_context(), db.engine.connect() as connection:
            seen = health.look(connection)
        found, now = health.troubles(seen, queues()), self._clock()
        changed = not health.are_same(found, self._troubles)
        if found and (changed or now - self._alarmed_at >= ALARM_AGAIN_SECONDS):
            self._alarmed_at = now
            log.error("jobs need a look", troubles=[each.said for each in found], **seen.as_dict())
        elif changed:
            log.info("jobs are well again", **seen.as_dict())
        self._troubles = found


def begin(app: Flask, *, serves_on_seconds: float = SERVES_ON_SECONDS) -> Event:
    """Refuse a newer database (`Refused`), then watch beside whatever this process does; set once it had to end it."""
    watch, ended = Watch(app, serves_on_seconds=serves_on_seconds), Event()
    try:
        watch.refuse_newer()
    except Refused:
        end_parent_that_tries_again()
        raise
    Thread(target=_go_on, args=[watch, ended], name="watch", daemon=True).start()
    return ended


def _go_on(watch: Watch, ended: Event) -> None:
    try:
        watch.compare_zones()
    except Exception as reason:  # a database out of reach has its own alarms
        log.warning("time zones not compared", reason=type(reason).__name__)
    while not ended.wait(LOOK_SECONDS):
        try:
            sentence = watch.look()
        except Exception as reason:  # whatever it is, the next look may go well
            log.warning("jobs not looked at", reason=type(reason).__name__)
            continue
        if sentence is not None:
            print(sentence, file=sys.stderr, flush=True)
            ended.set()
    while True:  # a process that has not started whole may not heed the first
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
