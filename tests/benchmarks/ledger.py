"""Minutes that change hands: many clients at once, and the books balance afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import psycopg

from neighbourly.core import clock
from tests.benchmarks.data import Installation
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Load, ask, client_name
from tests.benchmarks.people import signed_in
from tests.benchmarks.programs import serving

CLIENTS, GIFTS, PEOPLE, SECONDS = 16, 4_000, 200, 20
WEB_PROCESSES = 2
"""One for each core."""
UNSOUND = """
    SELECT (SELECT count(*) FROM (SELECT transfer_id FROM entries GROUP BY 1 HAVING sum(minutes) <> 0) unbalanced)
         + (SELECT count(*) FROM time_accounts a WHERE balance_minutes <>
               (SELECT coalesce(sum(minutes), 0) FROM entries WHERE account_id = a.id))
         + (SELECT count(*) FROM time_accounts WHERE balance_minutes < -300)
"""


def measure(installation: Installation) -> Iterator[Figure]:
    """Gifts of minutes over HTTP among a few hundred neighbours, so that accounts are wanted by several at once."""
    gifts, failed = _write_gifts(installation), 0
    for processes in (1, WEB_PROCESSES):
        with ExitStack() as serve:
            loads = _give([serve.enter_context(_web(installation)) for _ in range(processes)], gifts)
        failed += sum(load.failed for load in loads)
        made, rate = sum(load.requests for load in loads), sum(load.rate for load in loads)
        name = f"ledger: transfers a second over HTTP, web processes: {processes}"
        yield Figure(name, rate, 200, "more", "", [f"{made} gifts by {CLIENTS} clients, by {client_name()}"])
    bad = _unsound(installation) + failed
    yield Figure("ledger: unbalanced transfers, wrong balances and failures afterwards", bad, 0, "less", "")


def _write_gifts(installation: Installation) -> Path:
    """A minute from the first to the second of many pairs, one request a line."""
    people, now = signed_in(installation, PEOPLE), clock.now()
    pairs = [Random(number).sample(people, 2) for number in range(GIFTS)]
    file = installation.folder / "gifts"
    lines = (
        f"/v1/timebank/transfers\t{payer.token(now)}\t" + json.dumps({"to_user_id": str(payee.user_id), "minutes": 1})
        for payer, payee in pairs
    )
    file.write_text("\n".join(lines))
    return file


@contextmanager
def _web(installation: Installation) -> Iterator[str]:
    """A web process's URL."""
    environment = installation.environment(limits="off")
    with serving("neighbourly.cli.part", "web", folder=installation.folder, environment=environment) as (_web, url):
        yield url


def _give(urls: Sequence[str], gifts: Path) -> list[Load]:
    """All clients at once, as many at each process."""
    with ThreadPoolExecutor(len(urls)) as pool:
        return list(pool.map(lambda url: ask(url, gifts, SECONDS, CLIENTS // len(urls)), urls))


def _unsound(installation: Installation) -> int:
    with psycopg.connect(installation.conninfo) as connection:
        row = connection.execute(UNSOUND.encode()).fetchone()
    return int(row[0]) if row else 0
