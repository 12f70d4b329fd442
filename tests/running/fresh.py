"""Processes that have just started, asked by many threads at once: `python -m tests.running.fresh`.

What a process has when it starts is what it imported and the app that it made; so both are made once, and each process
is a fork of that, before anything was asked. Reads what to do as JSON, and tells what it found as JSON.
"""

from __future__ import annotations

import gc
import os
import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier
from typing import Any

import orjson
from flask import Flask
from sqlalchemy import FromClause, Table
from sqlalchemy.sql.functions import FunctionElement

from neighbourly.app import create_app
from neighbourly.core import clock
from neighbourly.core.db import Base
from tests import databases

THREADS = 8
SHARE = 4
"""Each process is asked a fourth of all: that all threads meet at a question is worth more than many questions."""
SWITCH_SECONDS = (1e-6, 1e-5, 1e-4)
PROCESSES_AT_ONCE = 2

Answer = tuple[int, str]


@dataclass(frozen=True)
class Call:
    """What is asked by whom."""

    path: str
    token: str

    def answer(self, app: Flask) -> Answer:
        """The status and the body."""
        response = app.test_client().get(self.path, headers={"Authorization": f"Bearer {self.token}"})
        return response.status_code, response.get_data(as_text=True)


def main() -> None:
    """Ask a quiet process everything, then the others, and tell whatever they answer differently."""
    given = orjson.loads(sys.stdin.buffer.read())
    app = create_app(databases.settings_from(given["settings"]))
    calls = [Call(*each) for each in given["calls"]]
    moment = datetime.fromisoformat(given["moment"])
    clock.now = lambda: moment  # answers that tell how late it is are the same at any time
    quiet = [tuple(each) for each in _forked(lambda: [call.answer(app) for call in calls])()]
    told = {"statuses": [status for status, _ in quiet], "unfinished": sorted(_unfinished())}
    told["differences"] = list(_differences(app, calls, quiet, given["processes"]))
    sys.stdout.buffer.write(orjson.dumps(told))


def _unfinished() -> Iterator[str]:
    """Tables, aliases and subqueries that live on with columns not yet made or indexed."""
    gc.collect()
    for each in [each for each in gc.get_objects() if issubclass(type(each), FromClause)]:
        theirs = isinstance(each, FunctionElement) or (isinstance(each, Table) and each.metadata is not Base.metadata)
        if not theirs and len(each.c) and not each.c._proxy_index:
            yield f"{type(each).__name__} {getattr(each, 'name', each)}"


def _differences(app: Flask, calls: list[Call], quiet: list[Answer], processes: int) -> Iterator[Any]:
    under_way = []
    for seed in range(processes):
        if len(under_way) == PROCESSES_AT_ONCE:
            yield from under_way.pop(0)()
        under_way.append(_forked(lambda seed=seed: _asked_at_once(app, calls, quiet, random.Random(seed))))
    for each in under_way:
        yield from each()


def _asked_at_once(app: Flask, calls: list[Call], quiet: list[Answer], choice: random.Random) -> list[Any]:
    """All threads ask the same at the same moment, one question after the other."""
    sys.setswitchinterval(choice.choice(SWITCH_SECONDS))
    asked = choice.sample(range(len(calls)), len(calls) // SHARE)
    together = Barrier(THREADS)

    def ask_all(_thread: int) -> list[Any]:
        answers = []
        for number in asked:
            together.wait()
            answers.append((number, calls[number].answer(app)))
        return [(calls[number].path, got, quiet[number]) for number, got in answers if got != quiet[number]]

    with ThreadPoolExecutor(THREADS) as threads:
        return [each for told in threads.map(ask_all, range(THREADS)) for each in told]


def _forked(work: Callable[[], Any]) -> Callable[[], Any]:
    """Have it done in a process of its own; what is given back waits for the result."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(writing, "wb") as out:
                out.write(orjson.dumps(work()))
        finally:
            os._exit(0)
    os.close(writing)

    def result() -> Any:
        with os.fdopen(reading, "rb") as told:
            said = told.read()
        os.waitpid(child, 0)
        return orjson.loads(said)

    return result


if __name__ == "__main__":
    main()
