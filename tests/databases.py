"""Real PostgreSQL for tests: one server a run, a database a process, a transaction a test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from flask import Flask
from psycopg import sql
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url

from neighbourly.app import create_app
from neighbourly.core.config import Settings
from neighbourly.core.db import Base, db
from neighbourly.core.jobs.queue import queue
from neighbourly.core.postgres import Binaries, Cluster

SERVER = "NEIGHBOURLY_TEST_SERVER"
TEMPLATE = "neighbourly_template"
_started: list[Cluster] = []


def start() -> None:
    """Start a server and migrate a template on it.

    NEIGHBOURLY_TEST_POSTGRES names the folder of another PostgreSQL's programs than the embedded one's.
    """
    folder = Path(tempfile.mkdtemp(prefix="neighbourly-pg-", dir=quickest_place()))
    folder.chmod(0o711)
    cluster = Cluster(folder, _binaries())
    cluster.start()
    _started.append(cluster)
    _spare_the_disk(cluster)
    os.environ[SERVER] = cluster.url
    _make_template()


def _spare_the_disk(cluster: Cluster) -> None:
    """Nothing in it outlives the run, so nothing need outlive a power cut: a disk takes minutes more for that."""
    with (cluster.folder / "postgresql.auto.conf").open("a") as settings:
        settings.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    postmaster = cluster.postmaster_pid()
    assert postmaster, "the server ended as soon as it had started"
    os.kill(postmaster, signal.SIGHUP)


def quickest_place() -> str | None:
    """Memory, where there is enough and programs may run from it: a disk takes seconds to make and clear a cluster."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or os.statvfs(memory).f_flag & os.ST_NOEXEC or shutil.disk_usage(memory).free < 2**30:
        return None
    return str(memory)


def _binaries() -> Binaries | None:
    programs = os.environ.get("NEIGHBOURLY_TEST_POSTGRES")
    if programs is None:
        return None
    said = subprocess.run([f"{programs}/postgres", "--version"], capture_output=True, text=True, check=True)
    return Binaries(Path(programs), said.stdout.split()[2])


def stop() -> None:
    """Stop the server, if it was started here."""
    while _started:
        cluster = _started.pop()
        cluster.stop()
        shutil.rmtree(cluster.data_dir, ignore_errors=True)


def _conninfo(database: str | None = None) -> str:
    url = make_url(os.environ[SERVER]).set(drivername="postgresql")
    return (url.set(database=database) if database else url).render_as_string(hide_password=False)


def _administer(*statements: sql.Composed) -> None:
    with psycopg.connect(_conninfo(), autocommit=True) as connection:
        for statement in statements:
            _execute(connection, statement)


def _execute(connection: psycopg.Connection, statement: sql.Composed, patience: int = 40) -> None:
    """Wait for a vacuum of the server's own in a database that is to go: our role may not end it."""
    try:
        connection.execute(statement)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
        if not patience:
            raise
        time.sleep(0.25)
        _execute(connection, statement, patience - 1)


def _make_template() -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(TEMPLATE))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(TEMPLATE))
    _administer(drop, make)
    migrate(url_of(TEMPLATE), "head")


def migrate(url: str, revision: str) -> None:
    """Bring a database up or down to a revision, as `flask db` does."""
    folder = tempfile.mkdtemp(prefix="neighbourly-data-")
    app = create_app(settings_from({"env": "testing", "data_dir": folder, "database_url": url}))
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config()
        move = command.downgrade if revision == "base" else command.upgrade
        move(config, revision)
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(folder)


def url_of(database: str) -> str:
    """The URL of a database on the run's server."""
    return make_url(os.environ[SERVER]).set(database=database).render_as_string(hide_password=False)


@contextmanager
def fresh(name: str) -> Iterator[str]:
    """A migrated, empty database of that name for as long as the context lasts; its URL."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
    _administer(drop, make)
    try:
        yield url_of(name)
    finally:
        _administer(drop)


def settings_from(values: dict[str, str]) -> Settings:
    """Settings as an environment with only these values would give them, but that nothing is read for its meaning."""
    values = {"meaning": "off"} | {name.lower(): value for name, value in values.items()}
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("NEIGHBOURLY_")}
    try:
        os.environ.update({f"NEIGHBOURLY_{name.upper()}": value for name, value in values.items()})
        return Settings.from_environment()
    finally:
        for name in values:
            del os.environ[f"NEIGHBOURLY_{name.upper()}"]
        os.environ.update(before)


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """An app context whose every session joins one transaction, rolled back at the end.

    Flask-SQLAlchemy ignores a session's `bind`, so the engine itself is replaced by an open connection:
    a private attribute of the library, touched here and nowhere else.
    """
    with app.app_context():
        engines = db._app_engines[app]
        engine = engines[None]
        db.session.configure(join_transaction_mode="create_savepoint")
        with engine.connect() as connection:
            outer = connection.begin()
            engines[None] = connection
            try:
                yield
            finally:
                db.session.remove()
                outer.rollback()
                engines[None] = engine
                db.session.configure(join_transaction_mode="conditional_savepoint")


@contextmanager
def apart(app: Flask) -> Iterator[None]:
    """Within `undone`: what happens in here is undone at its end, and what came before stays."""
    connection = db._app_engines[app][None]
    db.session.remove()
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()


def run_jobs() -> list[str]:
    """Run the jobs that wait in this test's transaction, and those they defer; their names in order."""
    ran = []
    while job := _next_job():
        db.session.commit()
        run_job(job.task_name, **job.args)
        db.session.expire_all()
        ran.append(job.task_name)
    return ran


def run_job(name: str, **arguments: object) -> None:
    """Run one job here and now, with the arguments as the queue holds them."""
    queue.tasks[name].func(**arguments)


def _next_job() -> object:
    take = text(
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE id ="
        " (SELECT id FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1)"
        " RETURNING id, task_name, args"
    )
    job = db.session.execute(take).one_or_none()
    if job is not None:
        db.session.execute(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": job.id})
    return job


def count_of(model: type[Base]) -> int:
    """How many rows a table holds."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@contextmanager
def closed_after(app: Flask) -> Iterator[Flask]:
    """The app, its connections closed in the end."""
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements sent meanwhile, but for savepoints; within an app's context."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
