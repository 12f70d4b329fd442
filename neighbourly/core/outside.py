"""Questions to other machines from a web thread: few at once, each with a deadline of a few seconds (REL-12)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")
LEFT_BEHIND = 8
"""So many threads may still wait for what nobody waits for any more."""


class NoAnswer(Exception):
    """None came in time, or too many wait already; it carries nothing of the question."""


class OutsideCalls:
    """The bound on what is asked of one other service by this process.

    At most `at_once` callers wait, each for `seconds`; a further one is refused at once, and so is everyone while
    `LEFT_BEHIND` abandoned questions have not come to an end. `at_once` lies well below the number of web threads,
    so that the others go on answering.
    """

    def __init__(self, name: str, *, at_once: int, seconds: float) -> None:
        self.seconds = seconds
        self._name = name
        self._waiting = threading.BoundedSemaphore(at_once)
        self._under_way = threading.BoundedSemaphore(at_once + LEFT_BEHIND)

    def call(self, ask: Callable[[], T]) -> T:
        """What `ask` returns or raises. Raises `NoAnswer`. No connection of the database is held meanwhile."""
        if not self._waiting.acquire(blocking=False):
            raise NoAnswer()
        try:
            return self._asked(ask)
        finally:
            self._waiting.release()

    def _asked(self, ask: Callable[[], T]) -> T:
        if not self._under_way.acquire(blocking=False):
            raise NoAnswer()
        answers: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()
        # A thread, because no socket's time-out covers the name's resolution or an answer that trickles in.
        asker = threading.Thread(target=self._run, args=(ask, answers), daemon=True, name=self._name)
        try:
            asker.start()
        except RuntimeError:
            # No thread is to be had at the moment: nothing was asked, so its place is free again.
            self._under_way.release()
            raise NoAnswer() from None
        try:
            found, failure = answers.get(timeout=self.seconds)
        except Empty:
            found, failure = None, NoAnswer()
        if failure is not None:
            raise failure
        return found  # type: ignore[return-value]  # it is ask's own

    def _run(self, ask: Callable[[], T], answers: SimpleQueue[tuple[T | None, Exception | None]]) -> None:
        try:
            answers.put((ask(), None))
        except Exception as reason:
            answers.put((None, reason))
        finally:
            self._under_way.release()
