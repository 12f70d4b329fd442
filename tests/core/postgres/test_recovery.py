"""After a kill, the next start recovers: nothing committed is lost, nothing half made is kept."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from neighbourly.core.postgres import Cluster
from neighbourly.core.postgres.identity import server_identity
from tests.waiting import wait_until

pytestmark = pytest.mark.embedded

KEEP_BUSY = "import psycopg, sys; psycopg.connect(sys.argv[1]).execute('SELECT count(*) FROM generate_series(1, 1e12)')"
BUSY_SESSIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1, 1e12)'"
)


def kill_postmaster(cluster: Cluster) -> None:
    process = cluster.postmaster_pid()
    assert process is not None
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: not cluster.is_running())


@pytest.fixture
def served(cluster) -> Cluster:
    """The module's cluster, running whatever the test before left."""
    cluster.start()
    return cluster


def test_what_was_committed_survives_the_kill_of_the_postmaster(served):
    session = psycopg.connect(served.conninfo)
    session.execute("CREATE TABLE kept (word text)")
    session.execute("INSERT INTO kept VALUES ('committed')")
    session.commit()
    session.execute("INSERT INTO kept VALUES ('open')")
    kill_postmaster(served)
    session.close()
    assert served.start() is True
    with psycopg.connect(served.conninfo) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("committed",)]


@contextmanager
def busy_session(cluster: Cluster) -> Iterator[None]:
    """A client whose query does not end by itself."""
    with subprocess.Popen([sys.executable, "-c", KEEP_BUSY, cluster.conninfo]) as client:
        try:
            with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
                wait_until(lambda: connection.execute(BUSY_SESSIONS).fetchone() == (1,))
            yield
        finally:
            client.kill()


def test_a_session_still_at_work_when_all_else_was_killed_is_waited_for(served):
    with busy_session(served):
        kill_postmaster(served)
    assert served.start() is True


def test_a_process_id_that_another_program_has_by_now_is_passed_over(served):
    kill_postmaster(served)
    options = server_identity(served.folder).process_options()
    with subprocess.Popen(["sleep", "60"], **options) as other:
        file = served.folder / "postmaster.pid"
        first, rest = file.read_text().split("\n", maxsplit=1)
        assert first != str(other.pid)
        file.write_text(f"{other.pid}\n{rest}")
        assert not served.is_running()
        assert served.start() is True
        assert other.poll() is None
        other.kill()


def test_a_kill_in_the_middle_of_initdb_is_made_good(fresh):
    making = multiprocessing.get_context("fork").Process(target=fresh.prepare)
    making.start()
    wait_until(lambda: (fresh.data_dir / "postgres.new" / "PG_VERSION").exists())
    making.kill()
    making.join()
    assert not fresh.folder.exists()
    assert fresh.start() is True
    assert not (fresh.data_dir / "postgres.new").exists()


def test_what_a_power_cut_left_half_made_is_thrown_away(fresh):
    left: Path = fresh.data_dir / "postgres.new" / "base"
    left.mkdir(parents=True)
    (left / "1").write_text("half")
    fresh.prepare()
    assert not left.parent.exists()
    assert (fresh.folder / "PG_VERSION").exists()
