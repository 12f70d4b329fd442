"""Counters of the rate limits: in this process's own memory, or in a store that several processes share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from threading import Lock
from time import monotonic, time
from typing import Any, TypeVar

import structlog
from limits.storage import Storage, storage_from_string

TIDIED_AFTER_SECONDS = 60
PATIENCE_SECONDS = 0.1
"""How long a call waits for the shared store, its name's resolution and a connection included."""
APART_SECONDS = 10.0
"""How long the shared store is then not asked again."""
AT_ONCE = 8
"""As many as there are web threads: none waits for another's question."""
T = TypeVar("T")
log = structlog.get_logger("api")


class OwnMemory(Storage):
    """What `memory://` names: fixed windows under one lock.

    The library's own starts a thread every hundredth of a second, which walks through all counters. Here
    what has lapsed is cleared away once a minute, by whoever counts.
    """

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self.storage: dict[str, tuple[int, float]] = {}
        """By key: how many, and when that lapses."""
        self._lock = Lock()
        self._tidy_at = 0.0

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Nothing that a neighbour would have to know of goes wrong in memory."""
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window of so many seconds from the first count on; how many it is now."""
        now = time()
        with self._lock:
            if now >= self._tidy_at:
                self._tidy(now)
            count, lapses_at = self.storage.get(key, (0, 0.0))
            if lapses_at <= now:
                count, lapses_at = 0, now + expiry
            self.storage[key] = count + amount, lapses_at
        return count + amount

    def get(self, key: str) -> int:
        """How many were counted in the window that is open."""
        count, lapses_at = self.storage.get(key, (0, 0.0))
        return count if lapses_at > time() else 0

    def get_expiry(self, key: str) -> float:
        """When the window closes; the present where none is open."""
        return max(time(), self.storage.get(key, (0, 0.0))[1])

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget all; how many counters there were."""
        with self._lock:
            forgotten = len(self.storage)
            self.storage.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self.storage.pop(key, None)

    def _tidy(self, now: float) -> None:
        self.storage = {key: each for key, each in self.storage.items() if each[1] > now}
        self._tidy_at = now + TIDIED_AFTER_SECONDS


class SharedCounters(Storage):
    """A store on another machine (`redis://`, `rediss://`) behind the one door through which it is asked (SEC-21).

    A question takes at most `PATIENCE_SECONDS`. Whatever goes wrong with one (silence, refusal, an answer that comes
    byte by byte, nonsense), for `APART_SECONDS` nothing is asked: this process counts in its own memory, so that
    limits still hold, each process for itself. After that one call tries again; the others count on in memory until
    that went well. No method raises.
    """

    STORAGE_SCHEME = None

    def __init__(self, url: str) -> None:
        super().__init__()
        options: dict[str, Any] = {
            "socket_timeout": PATIENCE_SECONDS,
            "socket_connect_timeout": PATIENCE_SECONDS,
            "retry": import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), 0),
        }
        self._shared: Storage = storage_from_string(url, **options)  # type: ignore[assignment]  # no async+ URL
        self._own = OwnMemory()
        self._lock = Lock()
        self._asked_again_at = 0.0
        """Until when the store is left alone; 0 while it answers."""
        # In threads, because no socket's time-out covers the name's resolution or an answer that trickles in.
        self._askers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="counters")

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """None that a caller would have to know."""
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window of so many seconds from the first count on; how many it is now."""
        return self._ask(lambda store: store.incr(key, int(expiry), amount))

    def get(self, key: str) -> int:
        """How many were counted in the window that is open."""
        return self._ask(lambda store: store.get(key))

    def get_expiry(self, key: str) -> float:
        """When the window closes; the present where none is open."""
        return self._ask(lambda store: store.get_expiry(key))

    def check(self) -> bool:
        """Whether anything counts: something always does."""
        return True

    def reset(self) -> int | None:
        """Forget all; how many counters there were."""
        return self._ask(lambda store: store.reset())

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._ask(lambda store: store.clear(key))

    def _ask(self, question: Callable[[Storage], T]) -> T:
        if self._may_ask():
            answer: Future[T] | None = None
            try:
                answer = self._askers.submit(question, self._shared)
                found = answer.result(timeout=PATIENCE_SECONDS)
            except Exception as reason:
                # Neighbours matter more than counts: code tries and the bound on password checks don't depend on these.
                if answer is not None:
                    answer.cancel()
                self._leave_alone(reason)
            else:
                self._asked_again_at = 0.0
                return found
        return question(self._own)

    def _may_ask(self) -> bool:
        """Whether the store answers as far as is known, or it is this call's turn to try again."""
        if not self._asked_again_at:
            return True
        with self._lock:
            now = monotonic()
            if now < self._asked_again_at:
                return False
            self._asked_again_at = now + APART_SECONDS
        return True

    def _leave_alone(self, reason: Exception) -> None:
        self._asked_again_at = monotonic() + APART_SECONDS
        log.error("limits counted in memory", kind=type(reason).__name__, seconds=APART_SECONDS)
