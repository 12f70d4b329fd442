"""The worker: every feature's jobs, run until someone asks it to stop."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec

import structlog
from flask import Flask

import neighbourly
from neighbourly.core.jobs.runner import run_worker

log = structlog.get_logger("worker")


def load_jobs() -> None:
    """Make every feature's jobs and timetables known; found by their file, since one forgotten would wait for ever."""
    for feature in pkgutil.iter_modules(neighbourly.__path__, "neighbourly."):
        jobs = f"{feature.name}.jobs"
        if feature.ispkg and feature.name != "neighbourly.core" and find_spec(jobs):
            import_module(jobs)


def run(app: Flask, conninfo: str) -> None:
    """Work until SIGTERM or SIGINT; what runs then is finished first."""
    load_jobs()
    log.info("worker started")
    run_worker(app, conninfo)
    log.info("worker ended")
