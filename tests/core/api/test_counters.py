"""The counters of the rates in the process's own memory."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from neighbourly.core.api.counters import OwnMemory

NOW = 1_700_000_000.0


@pytest.fixture
def counters() -> OwnMemory:
    return OwnMemory()


@time_machine.travel(NOW, tick=False)
def test_a_window_begins_with_the_first_count(counters):
    assert [counters.incr("ana", 60) for _ in range(3)] == [1, 2, 3]
    assert (counters.get("ana"), counters.get_expiry("ana")) == (3, NOW + 60)
    assert (counters.get("bob"), counters.get_expiry("bob")) == (0, NOW)


def test_when_it_is_over_another_begins(counters):
    with time_machine.travel(NOW, tick=False):
        counters.incr("ana", 60, amount=5)
    with time_machine.travel(NOW + 60, tick=False):
        assert counters.get("ana") == 0
        assert counters.incr("ana", 60) == 1
        assert counters.get_expiry("ana") == NOW + 120


def test_what_is_over_does_not_stay(counters):
    """SEC-22: nor does memory grow with everyone who ever came."""
    with time_machine.travel(NOW, tick=False):
        for number in range(1000):
            counters.incr(f"person {number}", 60)
    with time_machine.travel(NOW + 61, tick=False):
        counters.incr("ana", 60)
    assert list(counters.storage) == ["ana"]


def test_one_or_all_can_be_forgotten(counters):
    for who in ("ana", "bob", "cleo"):
        counters.incr(who, 60)
    counters.clear("ana")
    assert [counters.get(who) for who in ("ana", "bob", "cleo")] == [0, 1, 1]
    assert (counters.reset(), counters.get("bob")) == (2, 0)


def test_no_count_of_many_threads_is_lost(counters):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: counters.incr("ana", 60), range(8000), chunksize=1000))
    assert counters.get("ana") == 8000


def test_counting_starts_no_thread(counters):
    before = threading.active_count()
    counters.incr("ana", 1)
    time.sleep(0.02)
    counters.incr("ana", 1)
    assert threading.active_count() == before
