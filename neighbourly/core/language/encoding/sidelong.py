"""Things that take seconds to make: once a process, and beside the work of whoever cannot wait."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger("sidelong")


class Sidelong(Generic[T]):
    """Something made once, when it is first needed; what cannot be made is missing, and is not tried again."""

    def __init__(self, name: str, make: Callable[[], T]) -> None:
        self._name = name
        self._make = make
        self._made: T | None = None
        self._tried = False
        self._making = Lock()
        self._begun = Lock()

    def get(self) -> T | None:
        """It, waiting until it is there; None where it cannot be made."""
        with self._making:
            if not self._tried:
                self._try()
        return self._made

    def find(self) -> T | None:
        """It, if it is there; else it is being made from now on, and this time one does without."""
        if not self._tried and self._begun.acquire(blocking=False):
            Thread(target=self.get, name=self._name, daemon=True).start()
        return self._made

    def _try(self) -> None:
        try:
            self._made = self._make()
        except Exception:
            log.exception("could not be made: doing without", what=self._name)
        self._tried = True
