"""What the launcher starts ends with it: its standard input is a pipe that only the launcher holds the other end of."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait


def end_with_launcher() -> None:
    """Ask this process to end once the launcher is gone, however it went; on every system, and without polling.

    Until it has a way of its own, being asked to end means to leave what it is in, from the inside out.
    """
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    _when_over(lambda: _read_to_the_end(0))


def end_with_parent() -> None:
    """The same for a process of `multiprocessing` and the one that made it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        # Until it has started whole, such a process has its maker's handlers, to which the signal means nothing.
        _when_over(lambda: wait([sentinel]), again_after_seconds=1)


def end_parent_that_tries_again() -> None:
    """Ask whoever made this process of `multiprocessing`, and others before it, to end: it would go on so for ever.

    One that makes its processes but once ends by itself when they do.
    """
    parent, this = multiprocessing.parent_process(), multiprocessing.current_process()
    if parent is not None and parent.pid is not None and this._identity > (1,):
        os.kill(parent.pid, signal.SIGTERM)


def _when_over(waited_for: Callable[[], object], again_after_seconds: float | None = None) -> None:
    def watch() -> None:
        waited_for()
        os.kill(os.getpid(), signal.SIGTERM)
        while again_after_seconds is not None:
            time.sleep(again_after_seconds)
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def _read_to_the_end(descriptor: int) -> None:
    while os.read(descriptor, 1024):
        pass
