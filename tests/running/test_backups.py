"""Backups come back whole, into the embedded database and an older PostgreSQL; a damaged one brings back nothing."""

from __future__ import annotations

import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import make_url

from neighbourly.app import create_app
from neighbourly.cli import archive, commands, database
from neighbourly.core import audit
from neighbourly.core.db import transaction
from neighbourly.core.postgres import Binaries, Cluster
from neighbourly.demo.loading import load_demo
from tests import databases
from tests.running.product import run

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.embedded]


@contextmanager
def installation(folder: Path, url: str) -> Iterator[Flask]:
    """An installation with a data folder and a database of its own."""
    settings = databases.settings_from({"env": "testing", "data_dir": str(folder), "database_url": url})
    with databases.closed_after(create_app(settings)) as app:
        commands.register(app)
        yield app


def command(app: Flask, *words: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


@contextmanager
def empty(name: str) -> Iterator[str]:
    """An empty database beside the run's own."""
    conninfo = make_url(databases.url_of("postgres")).set(drivername="postgresql").render_as_string(False)
    with closing(psycopg.connect(conninfo, autocommit=True)) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield databases.url_of(name)
        connection.execute(drop)


def rows(conninfo: str) -> dict[str, int]:
    with closing(psycopg.connect(conninfo)) as connection:
        return archive.count_rows(connection)


@pytest.fixture(scope="module")
def source(worker_id, place) -> Iterator[Flask]:
    """An installation with the demo and two photos."""
    with databases.fresh(f"backup_source_{worker_id}") as url, installation(place / "source", url) as app:
        with app.app_context(), transaction():
            load_demo()
        for name in ("a.webp", "deep/er/b.webp"):
            photo = place / "source" / "media" / name
            photo.parent.mkdir(parents=True, exist_ok=True)
            photo.write_bytes(name.encode() * 1000)
        yield app


@pytest.fixture(scope="module")
def backup(source, place) -> Path:
    """A backup that was made while someone wrote."""
    enough = threading.Event()

    def write() -> None:
        with closing(psycopg.connect(database.conninfo(source), autocommit=True)) as connection:
            while not enough.is_set():
                connection.execute(
                    "INSERT INTO invitations (id, user_id, code, created_at, expires_at)"
                    " SELECT gen_random_uuid(), id, gen_random_uuid(), now(), now() FROM users LIMIT 1"
                )

    writing = threading.Thread(target=write)
    writing.start()
    done = command(source, "backup", place / "a backup.tar")
    enough.set()
    writing.join()
    assert done.exit_code == 0, done.output
    return place / "a backup.tar"


@pytest.fixture(scope="module")
def manifest(backup) -> dict:
    with tarfile.open(backup) as content:
        return json.load(content.extractfile("manifest.json"))


@pytest.fixture
def older(place) -> Iterator[Cluster]:
    """A PostgreSQL of the oldest version that serves."""
    folder = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
    if folder is None:
        pytest.skip("no older PostgreSQL is installed here")
    with Cluster(place / "older", Binaries(folder, folder.parent.name)).running() as cluster:
        yield cluster


def test_only_its_owner_reads_a_backup(backup, manifest):
    assert backup.stat().st_mode & 0o777 == 0o600
    assert manifest["rows"]["users"] == 42
    assert manifest["media_files"] == 2
    assert [path.name for path in backup.parent.glob(".a backup*")] == []


def test_a_backup_comes_back_whole_into_the_embedded_database(source, backup, manifest, place):
    """TST-12: restore, compare counts, run the invariants."""
    folder = place / "embedded"
    done = run(folder, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert f"{sum(manifest['rows'].values())} rows and 2 photos" in done.stdout
    with Cluster(folder).running() as cluster:
        assert rows(cluster.conninfo) == manifest["rows"]
        assert run(folder, "audit", "verify").stdout == "The audit log is whole: 1 entries.\n"
        assert "✓ migrations" in run(folder, "doctor").stdout
    assert (folder / "secret_key").read_text() == source.config["SECRET_KEY"]
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (folder / "media/deep/er/b.webp").read_bytes() == b"deep/er/b.webp" * 1000


def test_a_backup_comes_back_whole_into_an_older_postgresql(backup, manifest, older, tmp_path):
    """TST-12: the way to a managed server of another major version."""
    with installation(tmp_path, older.url) as app:
        done = command(app, "restore", backup)
        assert done.exit_code == 0, done.output
        assert rows(older.conninfo) == manifest["rows"]
        with app.app_context():
            assert audit.first_broken() is None


def test_an_installation_with_people_in_it_is_not_restored_into(source, backup, place, tmp_path):
    with installation(tmp_path, source.config["SQLALCHEMY_DATABASE_URI"].render_as_string(False)) as app:
        done = command(app, "restore", backup)
    assert (done.exit_code, done.stderr) == (
        1,
        "The database to restore into holds tables already: name an empty one.\n",
    )
    beside_photos = command(source, "restore", backup)
    assert "holds photos already" in beside_photos.stderr


def test_a_key_of_ones_own_stays_and_what_follows_is_said(backup, worker_id, tmp_path, monkeypatch):
    monkeypatch.setenv("NEIGHBOURLY_SECRET_KEY", "another key than the one of the backup")
    with empty(f"own_key_{worker_id}") as url, installation(tmp_path, url) as app:
        done = command(app, "restore", backup)
    assert done.exit_code == 0, done.output
    assert "everyone will have to sign in again" in done.stdout


def damaged(backup: Path, how: str) -> bytes:
    whole = backup.read_bytes()
    with tarfile.open(backup) as content:
        at = content.getmember("database.dump").offset_data + 5000
        photo = content.getmembers()[-1]
    if how == "a changed byte":
        return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    if how == "another program's":
        made = BytesIO()
        with tarfile.open(fileobj=made, mode="w") as foreign:
            foreign.addfile(tarfile.TarInfo("../../etc/passwd"))
        return made.getvalue()
    return whole[
        : {"empty": 0, "no tar": 100, "cut in the database": at, "cut in the photos": photo.offset_data + 100}[how]
    ]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("empty", "is no whole backup of neighbourly"),
        ("no tar", "is no whole backup of neighbourly"),
        ("cut in the database", "is no whole backup of neighbourly: unexpected end of data."),
        ("cut in the photos", "is no whole backup of neighbourly"),
        ("a changed byte", "is damaged: database.dump is not what was written."),
        ("another program's", "../../etc/passwd does not belong there."),
    ],
)
def test_a_damaged_file_brings_back_nothing(backup, worker_id, tmp_path, how, words):
    file = tmp_path / "damaged.tar"
    file.write_bytes(damaged(backup, how))
    with empty(f"damaged_{worker_id}") as url, installation(tmp_path / "var", url) as app:
        done = command(app, "restore", file)
        assert rows(database.conninfo(app)) == {}
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_a_backup_of_a_newer_version_is_left_alone(backup, worker_id, tmp_path):
    file = tmp_path / "newer.tar"
    with tarfile.open(backup) as content, tarfile.open(file, "w") as newer:
        for member in content:
            data = content.extractfile(member).read()
            if member.name == "manifest.json":
                data = json.dumps(json.loads(data) | {"revision": "9999"}).encode()
                member.size = len(data)
            newer.addfile(member, BytesIO(data))
    with empty(f"newer_{worker_id}") as url, installation(tmp_path / "var", url) as app:
        done = command(app, "restore", file)
        assert rows(database.conninfo(app)) == {}
    assert done.stderr == (
        "This database is of a newer neighbourly (revision 9999): install that version or a later.\n"
    )
