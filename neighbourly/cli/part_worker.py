"""The worker as the launcher runs it."""

from __future__ import annotations

from neighbourly import worker
from neighbourly.app import create_app
from neighbourly.cli import database, watching


def main() -> None:
    """Work until SIGTERM."""
    app = create_app()
    database.attach(app, starts=False)
    ended = watching.begin(app, serves_on_seconds=0)
    worker.run(app, database.conninfo(app))
    if ended.is_set():
        raise SystemExit(1)
