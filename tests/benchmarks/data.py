"""The installation that is measured: one server of its own, with a small and a large database on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import make_url

from neighbourly.app import create_app
from neighbourly.core.postgres import Cluster
from tests.benchmarks.programs import ROOT
from tests.databases import migrate, settings_from

SECRET_KEY = "benchmarks-know-the-key-by-which-tokens-are-signed"


@dataclass(frozen=True)
class Size:
    """How much there is in a database."""

    name: str
    listings: int
    neighbours: int


SMALL = Size("small", 100_000, 25_000)
LARGE = Size("large", 1_000_000, 250_000)


@dataclass(frozen=True)
class Installation:
    """A database with a data folder: what a web process or a worker is started on."""

    size: Size
    folder: Path
    url: str
    postmaster: int

    @property
    def conninfo(self) -> str:
        """The database as libpq takes it."""
        return make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)

    def environment(self, **settings: str) -> Mapping[str, str]:
        """The settings of a program that runs on it, these among them."""
        given = {"data_dir": str(self.folder), "database_url": self.url, "secret_key": SECRET_KEY} | settings
        return {f"NEIGHBOURLY_{name.upper()}": value for name, value in given.items()}

    def app(self, **settings: str) -> Flask:
        """The product within this process, with these settings."""
        values = self.environment(log_level="error", **settings)
        return create_app(settings_from({name.removeprefix("NEIGHBOURLY_"): each for name, each in values.items()}))


@contextmanager
def server(kept: Path | None) -> Iterator[Cluster]:
    """A running server, in a folder that is there afterwards only if it was named."""
    folder = kept or Path(tempfile.mkdtemp(prefix="neighbourly-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    cluster = Cluster(folder)
    try:
        with cluster.running():
            yield cluster
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def installation(cluster: Cluster, size: Size) -> Installation:
    """The database of that size: filled by `demo big`, or as an earlier run left it."""
    folder = cluster.data_dir / size.name
    folder.mkdir(exist_ok=True)
    url = make_url(cluster.url).set(database=size.name).render_as_string(hide_password=False)
    postmaster = cluster.postmaster_pid()
    assert postmaster is not None
    made = Installation(size, folder, url, postmaster)
    if not _is_there(cluster, size):
        _make(cluster, made)
    return made


def _is_there(cluster: Cluster, size: Size) -> bool:
    with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [size.name]).fetchone()
    return found is not None


def _make(cluster: Cluster, made: Installation) -> None:
    """Under another name until it is whole."""
    filling = make_url(made.url).set(database="filling").render_as_string(hide_password=False)
    with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS filling WITH (FORCE)")
        connection.execute("CREATE DATABASE filling")
        migrate(filling, "head")
        size = ["--listings", str(made.size.listings), "--neighbours", str(made.size.neighbours)]
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "big", *size],
            cwd=ROOT,
            env={**os.environ, **made.environment(database_url=filling)},
            check=True,
        )
        connection.execute(sql.SQL("ALTER DATABASE filling RENAME TO {}").format(sql.Identifier(made.size.name)))
