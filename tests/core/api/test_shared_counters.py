"""The one door to a store of counters that several processes share: whatever becomes of it, limits hold (REL-12)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from neighbourly.app import create_app
from neighbourly.core import cells
from neighbourly.core.api import counters as module
from neighbourly.core.api.counters import APART_SECONDS, SharedCounters
from tests import databases, people
from tests.fakes.redis import FakeRedis

WAYS = ("silent", "drops", "nonsense", "reset")


@pytest.fixture
def be_patient(monkeypatch):
    """`be_patient()`: on a busy machine a store that is well answers later than in a tenth of a second."""
    return lambda: monkeypatch.setattr(module, "PATIENCE_SECONDS", 5.0)


@pytest.fixture
def shared():
    """A store that answers."""
    with FakeRedis() as fake:
        yield fake


@pytest.fixture
def moments(monkeypatch):
    """`moments.append(5.0)`: the circuit's clock moves on by that much, once and for all."""
    passed: list[float] = []
    monkeypatch.setattr(module, "monotonic", lambda: time.monotonic() + sum(passed))
    return passed


def test_while_it_answers_it_counts_for_all(shared, be_patient):
    be_patient()
    one, another = SharedCounters(shared.url), SharedCounters(shared.url)
    assert [each.incr("ana", 60) for each in (one, another, one)] == [1, 2, 3]
    assert another.get("ana") == 3
    assert 55 < one.get_expiry("ana") - time.time() < 61


@pytest.mark.parametrize("how", WAYS)
def test_where_it_fails_its_process_counts_on_and_asks_no_more(shared, how):
    """REL-12, SEC-21: it is asked once, and the next ten seconds belong to the process alone."""
    shared.how = how
    store = SharedCounters(shared.url)
    assert [store.incr("ana", 60) for _ in range(50)] == list(range(1, 51))
    assert store.get("ana") == 50
    assert shared.questions <= 4, "what opens a connection, and one question"


def test_nobody_there_is_the_same():
    store = SharedCounters("redis://127.0.0.1:1/0")
    assert [store.incr("ana", 60) for _ in range(3)] == [1, 2, 3]
    assert store.get_expiry("ana") > time.time()


def test_without_a_thread_to_ask_in_it_counts_in_memory(shared):
    """REL-12: no method raises, also while the process ends or is short of threads."""
    store = SharedCounters(shared.url)
    store._askers.shutdown()
    assert [store.incr("ana", 60) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("how", WAYS)
def test_one_call_tries_again_and_once_it_is_well_all_is_counted_there(shared, moments, be_patient, how):
    shared.how = how
    store = SharedCounters(shared.url)
    store.incr("ana", 60)
    shared.counts.clear()
    moments.append(APART_SECONDS + 1)
    together, before = threading.Barrier(8), shared.questions

    def count(_thread):
        together.wait(5)
        return store.incr("ana", 60)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(count, range(8))) == list(range(2, 10))
    assert shared.questions - before <= 4, "one of the eight asked"
    shared.how = "well"
    be_patient()
    moments.append(APART_SECONDS + 1)
    shared.counts.clear()
    assert [store.incr("bob", 60) for _ in range(2)] == [1, 2]
    assert list(shared.counts.values()) == [2]


@pytest.mark.parametrize("how", [*WAYS, "away"])
def test_searching_elsewhere_and_moving_home_go_on_and_limits_hold(make_settings, shared, how):
    """REL-12, LOC-07: never a 500, and from too many places 429, counted by this process."""
    shared.how = how if how != "away" else "well"
    url = shared.url if how != "away" else "redis://127.0.0.1:1/0"
    with databases.closed_after(create_app(make_settings(limits="on", limits_url=url))) as app:
        app.test_client_class = people.FreshClient
        with databases.undone(app):
            client = people.sign_in(app, people.make("Ana A.", home=people.ANA_CELL))
            near = sorted(cells.rings(people.ANA_CELL, 5))[:52]
            answers = [client.get("/v1/listings", query_string={"near": each}).status_code for each in near]
            moved = client.put("/v1/me/home", json={"cell": people.BOB_CELL}).status_code
    assert set(answers[:49]) == {200}
    assert answers[-1] == 429
    assert moved in (200, 429)
