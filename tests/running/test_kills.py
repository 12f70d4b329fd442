"""TST-04: parts are killed while someone writes; what was acknowledged is there, once, and jobs get done."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from neighbourly.core.ids import new_id
from neighbourly.core.postgres import Cluster
from neighbourly.demo.neighbourhood import HEROINE
from tests.running.product import GONE, Product, alive, until

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.embedded]


@pytest.fixture
def product(place: Path) -> Iterator[Product]:
    """The product with its demo, on a folder that the tests of this module hand on."""
    with Product(place / "var", limits="off", meaning="off") as running:
        yield running


class Writer:
    """A phone that offers one thing after the other, each until it is acknowledged.

    Ten a second at most: how much there is to be done afterwards does not hang on how quick the machine is.
    """

    def __init__(self, product: Product) -> None:
        self.product = product
        self.acknowledged: list[str] = []
        self._token = product.sign_in(HEROINE)
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        while not self._enough.is_set():
            offer = {"id": str(new_id()), "direction": "offer", "title": "Une échelle", "category": "ladders"}
            while not self._enough.is_set() and not self._acknowledged(offer):
                self._enough.wait(0.05)
            self._enough.wait(0.1)

    def _acknowledged(self, offer: dict[str, str]) -> bool:
        try:
            status, answer = self.product.ask("POST", "/v1/listings", offer, self._token)
        except GONE:
            return False
        if status in (200, 201):
            self.acknowledged.append(answer["id"])
        assert status in (200, 201, 503), answer
        return status != 503

    def wait_for(self, more: int) -> None:
        """Let so many more be acknowledged."""
        wanted = len(self.acknowledged) + more
        until(lambda: len(self.acknowledged) >= wanted)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write for the time of a `with`."""
        self._thread.start()
        try:
            yield
        finally:
            self._enough.set()
            self._thread.join()


def listings(folder: Path) -> list[str]:
    """The ids of all ladders, as the database holds them."""
    with psycopg.connect(Cluster(folder).conninfo) as connection:
        return [str(key) for (key,) in connection.execute("SELECT id FROM listings WHERE title = 'Une échelle'")]


def starts(folder: Path) -> int:
    """How often a server was started in it."""
    return sum(log.read_text().count("starting PostgreSQL") for log in (folder / "postgres" / "log").iterdir())


def unfinished(folder: Path) -> int:
    """How many jobs wait, run or have failed, but for those that recur."""
    with psycopg.connect(Cluster(folder).conninfo) as connection:
        ended = "status IN ('succeeded', 'aborted')"
        query = f"SELECT count(*) FROM procrastinate_jobs WHERE NOT ({ended}) AND NOT args ? 'timestamp'"
        return connection.execute(query).fetchone()[0]


def test_killed_parts_come_back_and_nothing_is_lost_or_done_twice(product):
    """TST-04: the web server, its process, the worker and at last the database are killed under a writing phone."""
    writer = Writer(product)
    with writer.writing():
        writer.wait_for(5)
        for kind in ("web", "worker", "web"):
            before = product.parts()[kind]
            product.kill(kind)
            until(lambda kind=kind, before=before: product.parts().get(kind) not in (None, before))
            writer.wait_for(5)
        os.kill(Cluster(product.folder).postmaster_pid(), signal.SIGKILL)
        assert product.process.wait(60) == 1
    assert "The database server has died" in product.said()
    with Product(product.folder, limits="off", meaning="off") as again:
        found = listings(again.folder)
        assert set(writer.acknowledged) <= set(found)
        assert len(found) <= len(writer.acknowledged) + 1
        until(lambda: unfinished(again.folder) == 0)
        assert again.stop() == 0


def test_nothing_outlives_a_killed_launcher_and_the_next_start_recovers(product):
    """TST-04: the parts notice, and the last of them stops the database."""
    token = product.sign_in(HEROINE)
    status, listing = product.ask("POST", "/v1/listings", {"title": "Une perceuse"}, token)
    assert status == 201
    processes = [*product.parts().values(), Cluster(product.folder).postmaster_pid()]
    product.process.kill()
    product.process.wait()
    until(lambda: not any(alive(pid) for pid in processes))
    with Product(product.folder, limits="off", meaning="off") as again:
        assert again.ask("GET", f"/v1/listings/{listing['id']}", token=token)[0] == 200
        until(lambda: unfinished(again.folder) == 0)


def test_a_worker_started_again_on_a_dead_database_starts_none_of_its_own(product):
    """REL-09: between the death of the postmaster and the launcher's notice there is none but the launcher's server."""
    before = starts(product.folder)
    worker = product.parts()["worker"]
    product.kill("worker")
    until(lambda: product.parts().get("worker") not in (None, worker))
    os.kill(Cluster(product.folder).postmaster_pid(), signal.SIGKILL)
    assert product.process.wait(60) == 1
    assert starts(product.folder) == before
    assert not Cluster(product.folder).is_running()


def test_with_its_database_dead_nothing_is_waited_for(product):
    """REL-08: what runs then can no longer be finished; each second of waiting is one in which nobody is served."""
    writer = Writer(product)
    with writer.writing():
        writer.wait_for(5)
        os.kill(Cluster(product.folder).postmaster_pid(), signal.SIGKILL)
        assert product.process.wait(20) == 1
