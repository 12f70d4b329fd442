"""From publishing a request to pushes: a real worker, and the local FCM that answers in 50 ms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import LiteralString

import psycopg

from neighbourly.accounts.selectors import Actor
from neighbourly.core.db import db, transaction
from neighbourly.core.ids import new_id
from neighbourly.core.jobs import defer
from neighbourly.listings import service as listings
from tests.benchmarks.data import Installation
from tests.benchmarks.figures import Figure
from tests.benchmarks.people import signed_in
from tests.benchmarks.programs import running

REQUESTS = 40
PUSHES = 5_000
FOUND_S, SENT_S = 3, 60
AWAKE = "UPDATE preferences SET quiet_from = NULL, quiet_to = NULL WHERE quiet_from IS NOT NULL"
"""At night nobody is asked before the morning, however fast the program is."""
CLAIMABLE = """
    SELECT count(*) FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE n.listing_id = %s
"""
WAITING = "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'claimed')"
SENT = """
    SELECT count(*) FROM deliveries d JOIN notifications n ON n.id = d.notification_id
    WHERE d.state = 'sent' AND n.key LIKE %s
"""
NOTIFY = """
    INSERT INTO notifications (id, user_id, type, key, listing_id, data, created_at)
    SELECT gen_random_uuid(), d.user_id, 'listing_expiring', %s || d.id,
           (SELECT id FROM listings WHERE status = 'published' LIMIT 1), '{}', now()
    FROM devices d WHERE d.disabled_at IS NULL ORDER BY d.id LIMIT %s
"""
DELIVER = """
    INSERT INTO deliveries (id, notification_id, device_id, state, attempts, due_at, expires_at, created_at)
    SELECT gen_random_uuid(), n.id, d.id, 'waiting', 0, now(), now() + interval '1 day', now()
    FROM notifications n JOIN devices d ON n.key = %s || d.id
"""


@contextmanager
def worker(installation: Installation, **settings: str) -> Iterator[None]:
    """A worker process, once it has taken up its work."""
    environment = installation.environment(log_level="warning", **settings)
    with running("neighbourly.cli.part", "worker", folder=installation.folder, environment=environment):
        time.sleep(3)
        yield


def measure_publishing(installation: Installation) -> Iterator[Figure]:
    """Requests published one after the other; how long until the first wave's deliveries can be claimed."""
    took = []
    with psycopg.connect(installation.conninfo, autocommit=True) as outside:
        outside.execute(AWAKE)
    app = installation.app()
    with worker(installation), psycopg.connect(installation.conninfo, autocommit=True) as outside, app.app_context():
        for person in signed_in(installation, REQUESTS):
            actor = Actor(person.user_id, "Bench", "fr", "neighbour", None, person.session_id)
            began = time.perf_counter()
            with transaction():
                listing, _ = listings.create_listing(actor=actor, title="Je cherche une perceuse")
                listing_id = listing.id
            if _until(FOUND_S, lambda: _count(outside, CLAIMABLE, listing_id) > 0):  # noqa: B023  # asked at once
                took.append(time.perf_counter() - began)
        db.engine.dispose()
    notes = [f"{len(took)} of {REQUESTS} requests found somebody to ask at once; median {median(took):.2f} s"]
    yield Figure("publishing to claimable, p95", quantiles(took, n=20)[18], 1, "less", " s", notes)


def _until(patience_s: float, enough: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if enough():
            return True
        time.sleep(0.01)
    return False


def _count(outside: psycopg.Connection, query: LiteralString, *values: object) -> int:
    row = outside.execute(query, values).fetchone()
    return int(row[0]) if row else 0


def measure_pushes(installation: Installation) -> Iterator[Figure]:
    """So many deliveries that are due, one worker, 50 ms an answer."""
    fcm_environment = installation.environment()
    credentials = installation.folder / "firebase.json"
    arguments = ("--delay-ms", "50", "--credentials", str(credentials))
    with running("tests.fakes.fcm", *arguments, folder=installation.folder, environment=fcm_environment) as fcm:
        url = fcm.said()
        with (
            psycopg.connect(installation.conninfo, autocommit=True) as outside,
            worker(installation, firebase_credentials=str(credentials), fcm_url=url),
        ):
            outside.execute("UPDATE deliveries SET state = 'dropped' WHERE state IN ('waiting', 'claimed')")
            run = f"bench {new_id()} "
            outside.execute(NOTIFY, [run, PUSHES])
            outside.execute(DELIVER, [run])
            app = installation.app()
            began = time.perf_counter()
            with app.app_context():
                with transaction():
                    defer("notifications.deliver")
                db.engine.dispose()
            done = _until(SENT_S, lambda: _count(outside, WAITING) == 0)
            took = time.perf_counter() - began
            pushed = _count(outside, SENT, f"{run}%")
    notes = [f"{pushed} of {PUSHES} pushes in {took:.1f} s" + ("" if done else ", others were still waiting")]
    yield Figure("pushes a second, one worker", pushed / took, 500, "more", "/s", notes)
