"""Making, starting, joining and stopping the embedded server."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from neighbourly.core.postgres import (
    Binaries,
    Cluster,
    DataFolderUnusable,
    NotRunning,
    OtherMajorVersion,
    PostgresProblem,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.embedded


def ask(cluster: Cluster, statement: str) -> list[tuple]:
    with psycopg.connect(cluster.conninfo) as connection:
        return connection.execute(statement).fetchall()


def test_the_owner_is_neighbourly_and_nobody_special(cluster):
    assert ask(cluster, "SELECT current_user, current_database()") == [("neighbourly", "neighbourly")]
    assert ask(cluster, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [(False, True)]


def test_nothing_else_is_made(cluster):
    assert ask(cluster, "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1") == [
        ("neighbourly",),
        ("postgres",),
    ]
    assert ask(cluster, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]


def test_the_only_way_in_is_a_socket_in_a_private_folder(cluster):
    assert ask(cluster, "SHOW listen_addresses") == [("",)]
    assert (cluster.folder / ".s.PGSQL.5432").is_socket()
    assert cluster.folder.stat().st_mode & 0o777 == 0o700


def test_what_is_committed_is_on_the_disk(cluster):
    assert ask(cluster, "SELECT current_setting('fsync'), current_setting('synchronous_commit')") == [("on", "on")]


def test_accents_case_and_french_words_are_known(cluster):
    assert ask(cluster, "SELECT upper('été'), to_tsvector('french', 'des perceuses')::text") == [("ÉTÉ", "'perceux':2")]


@pytest.mark.parametrize("name", ["btree_gist", "pg_trgm", "unaccent"])
def test_the_owner_may_add_the_extensions_we_use(cluster, name):
    with psycopg.connect(cluster.conninfo) as connection:
        connection.execute(f"CREATE EXTENSION {name}")
        connection.rollback()


def test_sqlalchemy_connects_by_the_url(cluster):
    engine = create_engine(cluster.url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == "neighbourly"
    engine.dispose()


def test_a_second_start_joins(cluster):
    process = cluster.postmaster_pid()
    assert Cluster(cluster.data_dir).start() is False
    assert cluster.postmaster_pid() == process


def test_who_only_joins_uses_the_server_that_runs(fresh):
    with fresh.running(), Cluster(fresh.data_dir).joined() as joined:
        assert ask(joined, "SELECT 1") == [(1,)]


def test_who_only_joins_starts_nothing(fresh):
    """REL-09: not a new server, and not one that has died."""
    with pytest.raises(NotRunning), fresh.joined():
        pass
    fresh.start()
    fresh.stop()
    with pytest.raises(NotRunning, match="does not run"), fresh.joined():
        pass
    assert not fresh.is_running()


def test_the_last_who_joined_stops_it(fresh):
    """The one who started it was killed: nothing may stay behind."""
    fresh.start()
    with fresh.joined():
        assert fresh.is_running()
    assert not fresh.is_running()


def test_the_server_never_runs_as_root(cluster):
    assert cluster.folder.stat().st_uid != 0


def test_the_environment_leads_nobody_astray(fresh, monkeypatch):
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "/nowhere", "PGUSER": "stranger"}.items():
        monkeypatch.setenv(name, value)
    fresh.start()
    assert ask(fresh, "SELECT current_user") == [("neighbourly",)]


def test_the_log_of_the_server_holds_no_row(cluster):
    with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE mails (address text PRIMARY KEY)")
        connection.execute("INSERT INTO mails VALUES ('canary@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="canary"):
            connection.execute("INSERT INTO mails VALUES ('canary@example.org')")

    def logged() -> str:
        return "".join(file.read_text() for file in (cluster.folder / "log").iterdir())

    wait_until(lambda: "mails_pkey" in logged())
    assert "canary" not in logged()


def test_it_stops_under_open_sessions_and_starts_again(fresh):
    assert fresh.start() is True
    with psycopg.connect(fresh.conninfo):
        fresh.stop()
        assert not fresh.is_running()
        assert fresh.postmaster_pid() is None
    fresh.stop()
    assert fresh.start() is True


def test_of_several_starts_at_once_one_starts_and_the_others_join(fresh):
    with ThreadPoolExecutor() as threads:
        started = list(threads.map(lambda _: Cluster(fresh.data_dir).start(), range(3)))
    assert sorted(started) == [False, False, True]


def test_the_last_who_uses_it_stops_it(folder):
    first, second = Cluster(folder), Cluster(folder)
    with first.running():
        with second.running():
            assert second.is_running()
        assert first.is_running()
    assert not first.is_running()


def test_a_server_in_use_outlives_the_one_who_started_it(folder):
    first, second = Cluster(folder).running(), Cluster(folder).running()
    first.__enter__()
    with second as cluster:
        first.__exit__(None, None, None)
        assert cluster.is_running()
    assert not cluster.is_running()


@pytest.mark.parametrize("name", ["x" * 90, "a,b", "é" * 45])
def test_a_path_no_socket_can_have_gets_a_short_one(folder, name):
    with Cluster(folder / name).running() as cluster:
        named = Path((cluster.folder / "socket").read_text().strip())
        assert len(os.fsencode(named)) < 80
        assert named.stat().st_mode & 0o777 == 0o700
        assert ask(cluster, "SELECT 1") == [(1,)]
    assert not named.exists()


def test_a_lost_short_folder_is_made_again(folder):
    cluster = Cluster(folder / ("x" * 90))
    with cluster.running():
        pass
    (cluster.folder / "socket").write_text("/tmp/neighbourly-long-gone\n")
    with cluster.running():
        assert ask(cluster, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ['a"b', "a$b", "a`b", "a\\b", "a\nb"])
def test_a_path_that_a_shell_would_read_otherwise_is_refused(tmp_path, name):
    with pytest.raises(DataFolderUnusable, match="holds one of"):
        Cluster(tmp_path / name)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderUnusable, match=r"^The data folder .* cannot be written: Not a directory\.$"):
        Cluster(tmp_path / "file" / "var").prepare()


def test_a_folder_of_something_else_is_left_alone(folder):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "letters.txt").write_text("dear")
    with pytest.raises(DataFolderUnusable, match="holds files, but no PostgreSQL database"):
        Cluster(folder).prepare()
    assert (folder / "postgres" / "letters.txt").read_text() == "dear"


def test_another_major_version_is_sent_to_backup_and_restore(folder, other_major):
    Cluster(folder, other_major).prepare()
    with pytest.raises(OtherMajorVersion, match=r"made by PostgreSQL 1\d and this is .*`backup FILE`.*`restore FILE`"):
        Cluster(folder).start()


def test_the_machines_own_postgresql_serves_too(folder, other_major):
    with Cluster(folder, other_major).running() as cluster:
        assert ask(cluster, "SELECT upper('été')") == [("ÉTÉ",)]


@pytest.mark.parametrize("version", ["", "eighteen"])
def test_a_damaged_folder_is_named(folder, version):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text(version)
    with pytest.raises(DataFolderUnusable, match="is damaged: its PG_VERSION says"):
        Cluster(folder).start()


def test_a_full_disk_is_one_sentence_and_leaves_nothing_behind(folder):
    programs = folder / "programs"
    programs.mkdir()
    for name in ("initdb", "postgres", "pg_ctl"):
        (programs / name).write_text(
            "#!/bin/sh\necho 'initdb: error: could not write: No space left on device' >&2\nexit 1\n"
        )
        (programs / name).chmod(0o755)
    with pytest.raises(PostgresProblem, match=r"cannot be made in .*: could not write: No space left on device\.$"):
        Cluster(folder, Binaries(programs, "18.6")).prepare()
    assert not list(folder.glob("postgres*/"))


def test_a_wrong_setting_of_the_operator_is_told(fresh):
    fresh.prepare()
    with (fresh.folder / "postgresql.conf").open("a") as settings:
        settings.write("port = 'nonsense'\n")
    with pytest.raises(PostgresProblem, match=r"^PostgreSQL does not start in .*\.$"):
        fresh.start()
