"""Bringing a database to the newest version, one program at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from neighbourly.cli.sentences import Refused
from neighbourly.core.db import db

FOLDER = Path(__file__).parents[2] / "migrations"
TURN = 0x6E626D67
"""The advisory lock that two programs starting on one database take turns by."""
OLDEST_SERVER = 150000
NEWER = "This database is of a newer neighbourly (revision {revision}): install that version or a later."


def current_revision() -> str | None:
    """Where the app's database stands; None for a new one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision(app: Flask) -> str:
    """Where this program's migrations end."""
    return ScriptDirectory.from_config(alembic_config(app)).get_current_head() or ""


def known_revisions(app: Flask) -> frozenset[str]:
    """All that this program's migrations lead to."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(alembic_config(app)).walk_revisions())


def refuse_unknown(app: Flask, revision: str) -> None:
    """Raise `Refused` for a revision that only a later version of this program has."""
    if revision not in known_revisions(app):
        raise Refused(NEWER.format(revision=revision))


def migrate(app: Flask) -> bool:
    """Bring the app's database up to date; whether it was new. Refuses a server or a database that we cannot serve."""
    with _turn():
        revision = current_revision()
        if revision is not None:
            refuse_unknown(app, revision)
        command.upgrade(alembic_config(app), "head")
    return revision is None


@contextmanager
def _turn() -> Iterator[None]:
    with db.engine.connect() as connection:
        found = int(connection.scalar(text("SHOW server_version_num")) or 0)
        if found < OLDEST_SERVER:
            raise Refused(f"The database server is PostgreSQL {found // 10_000}: version 15 is the oldest that serves.")
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        yield


def alembic_config(app: Flask) -> Config:
    """Alembic's own configuration, wherever the program was started from."""
    config: Config = app.extensions["migrate"].migrate.get_config(str(FOLDER))
    return config
