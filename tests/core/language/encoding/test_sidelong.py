"""What takes seconds to make is made once, and beside the work of whoever cannot wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from neighbourly.core.language.encoding import Sidelong
from tests.waiting import wait_until


def test_it_is_made_once_however_many_want_it():
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    thing = Sidelong("thing", make)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: thing.get(), range(8)))
    assert len(made) == 1
    assert got == made * 8


def test_who_cannot_wait_does_without_until_it_is_there():
    may_end = Event()
    thing = Sidelong("thing", lambda: may_end.wait(10) and "made")
    assert [thing.find(), thing.find()] == [None, None]
    may_end.set()
    wait_until(lambda: thing.find() is not None)
    assert thing.find() == "made"


def test_what_cannot_be_made_is_missing_and_not_tried_again():
    tries: list[None] = []

    def make() -> str:
        tries.append(None)
        raise OSError("the weights are gone")

    thing = Sidelong("thing", make)
    assert [thing.get(), thing.find(), thing.get()] == [None, None, None]
    assert len(tries) == 1
