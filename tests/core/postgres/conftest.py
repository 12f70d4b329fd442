"""Data folders that the server's user can reach, which `tmp_path` is not when the tests run as root."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from neighbourly.core.postgres import Binaries, Cluster
from tests.databases import quickest_place


@contextmanager
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nb-", dir=quickest_place()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def stopped_at_the_end(cluster: Cluster) -> Iterator[Cluster]:
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest.fixture
def fresh(folder: Path) -> Iterator[Cluster]:
    """A cluster that is not made yet."""
    with stopped_at_the_end(Cluster(folder)) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster that each test of the module finds running and leaves running; its path has spaces and accents."""
    with open_folder() as folder, stopped_at_the_end(Cluster(folder / "données d'été")) as shared:
        shared.start()
        yield shared


@pytest.fixture(scope="session")
def other_major() -> Binaries:
    """PostgreSQL's programs of another major version, as a distribution installs them."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if folder.parent.name != "18" and (folder / "initdb").exists():
            return Binaries(folder, folder.parent.name)
    pytest.skip("no PostgreSQL of another major version is installed here")
