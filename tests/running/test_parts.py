"""A part that ends is started again, sooner at first and later when it does not last; it joins, or it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from neighbourly.cli import parts
from neighbourly.cli.parts import Part
from neighbourly.core.postgres import Cluster
from tests.running.product import until


@pytest.fixture
def part():
    """A part that ends at once: there is no such kind."""
    made = Part("web server", "nothing", (), {"NEIGHBOURLY_ENV": "testing"})
    made.start()
    yield made
    made.kill()


def test_it_is_told_and_started_again(part):
    said: list[str] = []
    until(lambda: not part.runs())
    first = part.process
    part.revive(said.append)
    assert said == ["The web server ended (exit 1) and is started again in 0.5 s."]
    until(lambda: part.revive(said.append) or part.process is not first, 5)


def test_each_time_that_it_does_not_last_takes_twice_as_long(part, monkeypatch):
    waits: list[str] = []
    for _ in range(9):
        until(lambda: not part.runs())
        part.revive(lambda line: waits.append(line.rpartition(" in ")[2]))
        part._due = None
    assert waits == ["0.5 s.", "1 s.", "2 s.", "4 s.", "8 s.", "16 s.", "30 s.", "30 s.", "30 s."]
    monkeypatch.setattr(parts, "LIVED_WELL_SECONDS", 0)
    part.revive(lambda line: waits.append(line.rpartition(" in ")[2]))
    assert waits[-1] == "0.5 s."


@pytest.fixture
def killed(place: Path) -> Iterator[Cluster]:
    """The embedded server of a launcher that has not noticed yet that its postmaster was killed."""
    with Cluster(place / "killed").running() as cluster:
        os.kill(cluster.postmaster_pid() or 0, signal.SIGKILL)
        until(lambda: not cluster.is_running())
        yield cluster


@pytest.mark.embedded
@pytest.mark.xdist_group("running")
@pytest.mark.parametrize(("kind", "arguments"), [("web", ["127.0.0.1", "1"]), ("worker", []), ("prepare", ["no"])])
def test_a_part_whose_server_has_died_ends_and_starts_none(killed, kind, arguments):
    """REL-09: only who launched the cluster starts it; what a part starts the launcher would stop under its feet."""
    part = Part(kind, kind, arguments, {"NEIGHBOURLY_DATA_DIR": str(killed.data_dir)}, subprocess.DEVNULL)
    part.start()
    try:
        until(lambda: not part.runs() or killed.is_running(), 60)
        assert not killed.is_running()
        assert part.how_it_ended() == "exit 1"
    finally:
        part.kill()
