"""Logs as lines of JSON on standard error: what happened, never a secret, an address or a place (SEC-22)."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from traceback import walk_tb
from types import TracebackType
from typing import Any

import orjson
import structlog

CAPABILITY = re.compile(r"/c/[^/\s]+")


def configure(level: str) -> None:
    """Send structlog and the libraries' own logging the same way, from this level on."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.stdlib.render_to_log_kwargs,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # None of it is in a line of ours, and to find it out takes longer than to write the line.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, _Lines) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in ("api", "security", "jobs", "push", "mail", "worker", "access"):
        logging.getLogger(name).setLevel(level.upper())


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Single-purpose paths hold a token: only that there was one is logged."""
    for key, value in event.items():
        if isinstance(value, str) and "/c/" in value:
            event[key] = CAPABILITY.sub("/c/…", value)
    return event


def frames(trace: TracebackType | None) -> list[str]:
    """Places in the code, outermost first, and no values: a database error would quote the row it refused."""
    return [f"{frame.f_globals.get('__name__')}:{line}" for frame, line in walk_tb(trace)]


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name}
        extra = {key: value for key, value in record.__dict__.items() if key not in _PLAIN}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            extra["trace"] = frames(record.exc_info[2])[-12:]
        return orjson.dumps(line | extra, default=str).decode()


_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
