"""Minutes that change hands: many clients at once, and the books balance afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import perf_counter

import psycopg

from tests.benchmarks.data import Installation
from tests.benchmarks.figures import Figure
from tests.benchmarks.lending import post
from tests.benchmarks.people import signed_in
from tests.benchmarks.programs import serving

CLIENTS, TRANSFERS, PEOPLE = 16, 4_000, 200
UNSOUND = """
    SELECT (SELECT count(*) FROM (SELECT transfer_id FROM entries GROUP BY 1 HAVING sum(minutes) <> 0) unbalanced)
         + (SELECT count(*) FROM time_accounts a WHERE balance_minutes <>
               (SELECT coalesce(sum(minutes), 0) FROM entries WHERE account_id = a.id))
         + (SELECT count(*) FROM time_accounts WHERE balance_minutes < -300)
"""


def measure(installation: Installation) -> Iterator[Figure]:
    """Gifts of minutes over HTTP among a few hundred neighbours, so that accounts are wanted by several at once."""
    people = signed_in(installation, PEOPLE)
    pairs = [Random(number).sample(people, 2) for number in range(TRANSFERS)]
    environment = installation.environment(limits="off")
    with serving("neighbourly.cli.part", "web", folder=installation.folder, environment=environment) as (_web, url):
        began = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            statuses = Counter(
                pool.map(
                    lambda pair: (
                        post(
                            url, "/v1/timebank/transfers", pair[0], {"to_user_id": str(pair[1].user_id), "minutes": 1}
                        ).status_code
                    ),
                    pairs,
                )
            )
        took = perf_counter() - began
    notes = [f"{TRANSFERS} gifts by {CLIENTS} clients in {took:.1f} s; answers by status: {dict(statuses)}"]
    yield Figure("ledger: transfers a second over HTTP", statuses[201] / took, 200, "more", "", notes)
    bad = _unsound(installation) + sum(count for status, count in statuses.items() if status >= 500)
    yield Figure("ledger: unbalanced transfers, wrong balances and 5xx afterwards", bad, 0, "less", "")


def _unsound(installation: Installation) -> int:
    with psycopg.connect(installation.conninfo) as connection:
        row = connection.execute(UNSOUND.encode()).fetchone()
    return int(row[0]) if row else 0
