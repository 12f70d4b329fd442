"""Whether what this process says can be relied on; where it cannot, it ends, and whoever started it starts another.

SQLAlchemy warns of a statement that joins what nothing joins, and of an attribute that it does not find where it must
be. In a program whose tests pass, either means that something the whole process shares was made wrongly, so that the
next answer may hold rows that are not the caller's. Here both are errors, from the first import on.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import structlog
from sqlalchemy.exc import SAWarning

from neighbourly.core.errors import Unavailable

MISJOINED = r"\w+ statement has a cartesian product"
MISPLACED = "Did not locate an expression in selectable"
for _begins in (MISJOINED, MISPLACED):
    warnings.filterwarnings("error", _begins, SAWarning)

_serves, _doubted = Event(), Event()
log = structlog.get_logger("api")


def end_when_in_doubt() -> None:
    """From now on a doubt ends this process: for servers and workers, which somebody starts again."""
    _serves.set()


def note(reason: BaseException) -> None:
    """Take a warning of SQLAlchemy's that came as an error for a doubt in all that this process says from now on."""
    if isinstance(reason, SAWarning) and _serves.is_set() and not _doubted.is_set():
        _doubted.set()
        log.error("this process cannot be relied on and ends", reason=str(reason))
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def noted() -> Iterator[None]:
    """Note what goes wrong in here."""
    try:
        yield
    except Exception as reason:
        note(reason)
        raise


def ensure() -> None:
    """Raise `Unavailable` where this process is in doubt: better no answer than one that may be wrong."""
    if _doubted.is_set():
        raise Unavailable(headers={"Retry-After": "5"})
