"""The worker: every feature's jobs, run until someone asks it to stop."""

from __future__ import annotations

from threading import Thread

import structlog
from flask import Flask

from neighbourly.core import soundness
from neighbourly.core.jobs.runner import run_worker
from neighbourly.listings import reading
from neighbourly.listings.jobs import note_missing, understand_pending

log = structlog.get_logger("worker")


def run(app: Flask, conninfo: str) -> None:
    """Work until SIGTERM or SIGINT; what runs then is finished first. Exit 1 where nobody asked for the end."""
    soundness.end_when_in_doubt()
    Thread(target=catch_up, args=[app], daemon=True).start()
    log.info("worker started")
    if not run_worker(app, conninfo):
        log.error("worker ended unasked")
        raise SystemExit(1)
    log.info("worker ended")


def catch_up(app: Flask) -> None:
    """Load the reader, and understand what came without one or before this version; no other work waits for it."""
    if reading.get_reader() is not None:
        with app.app_context():
            note_missing()
            understand_pending()
