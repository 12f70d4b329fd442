"""Counters of the rate limits in this process's own memory."""

from __future__ import annotations

from threading import Lock
from time import time

from limits.storage import Storage

TIDIED_AFTER_SECONDS = 60


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
