"""Without root, without the demo: it starts, ends in order, and leaves nothing behind."""

from __future__ import annotations

import os
import socket

import pytest

from neighbourly.core.postgres import Cluster
from tests.running.product import Product, alive, ordinary_user

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.embedded]


@pytest.fixture
def product(place):
    user = ordinary_user()
    if user is None:
        pytest.skip("root runs these tests with a Python that nobody else may run")
    folder = place / "var"
    folder.mkdir()
    os.chown(folder, user.uid, user.gid)
    with Product(folder, "--no-demo", user=user) as running:
        yield running


def test_an_ordinary_user_starts_it_and_sigterm_ends_all_of_it(product):
    """REL-08: what runs is finished, the database is closed, and no process stays."""
    assert product.said().splitlines()[-1].startswith(("neighbourly is ready at", "{"))
    assert "Sign in as" not in product.said()
    assert (product.folder / "postgres").stat().st_uid == product.folder.stat().st_uid != 0
    processes = [*product.parts().values(), Cluster(product.folder).postmaster_pid()]
    with socket.create_connection(("127.0.0.1", product.port)):
        assert product.stop() == 0, product.said()
    assert not any(alive(pid) for pid in processes)
    assert not Cluster(product.folder).is_running()
