"""The worker: every feature's jobs, run until someone asks it to stop."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from threading import Thread

import structlog
from flask import Flask

import neighbourly
from neighbourly.core.jobs.runner import run_worker
from neighbourly.listings import reading
from neighbourly.listings.jobs import note_missing, understand_pending

log = structlog.get_logger("worker")


def load_jobs() -> None:
    """Make every feature's jobs and timetables known; found by their file, since one forgotten would wait for ever."""
    for feature in pkgutil.iter_modules(neighbourly.__path__, "neighbourly."):
        jobs = f"{feature.name}.jobs"
        if feature.ispkg and feature.name != "neighbourly.core" and find_spec(jobs):
            import_module(jobs)


def run(app: Flask, conninfo: str) -> None:
    """Work until SIGTERM or SIGINT; what runs then is finished first. Exit 1 where nobody asked for the end."""
    load_jobs()
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
