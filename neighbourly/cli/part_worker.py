"""The worker as the launcher runs it."""

from __future__ import annotations

from neighbourly import worker
from neighbourly.app import create_app
from neighbourly.cli import database


def main() -> None:
    """Work until SIGTERM."""
    app = create_app()
    database.attach(app, starts=False)
    worker.run(app, database.conninfo(app))
