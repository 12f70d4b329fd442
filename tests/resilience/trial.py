"""One trial: the product with its demo, twelve clients, so many kills, a minute of quiet, and what did not hold."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import takewhile
from math import inf
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import psycopg

from neighbourly.core.postgres import Cluster
from neighbourly.demo.accounts import PASSWORD
from neighbourly.demo.neighbourhood import DemoNeighbour, load
from tests.databases import quickest_place
from tests.fakes.fcm import FakeFcm
from tests.resilience import invariants
from tests.resilience.book import Book
from tests.resilience.clients import Person, Phone
from tests.resilience.killing import Kept, Kill, carry_out, plan
from tests.resilience.report import Report
from tests.resilience.scenes import Player, Street

CLIENTS = 12
QUIET_SECONDS = 60
LAPSE_SECONDS = 75
"""A claim of a push lapses after a minute, and is swept up within another."""
LEAST_BETWEEN = 5
"""So many writes are acknowledged between two kills."""
THING = {"title": "Perceuse à percussion", "direction": "offer", "kind": "item", "terms": "lend"}


def _tell_nobody(_line: str) -> None:
    """Nobody waits for it."""


def run(
    kills: int, seed: int, *, seconds: float = inf, meaning: bool = True, tell: Callable[[str], None] = _tell_nobody
) -> Report:
    """So many kills by the plan of a seed, or as many as there is time for; what did not hold is in the report."""
    report, began = Report(CLIENTS), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nb-", dir=quickest_place()) as name, FakeFcm(delay_ms=5) as fcm:
        place = Path(name)
        place.chmod(0o755)
        settings = {"limits": "off", "meaning": "on" if meaning else "off", "fcm_url": fcm.url}
        credentials = str(fcm.write_credentials(place / "firebase.json"))
        with Kept(place / "var", firebase_credentials=credentials, **settings) as kept:
            planned = takewhile(lambda _: time.monotonic() < began + seconds, plan(seed, kills))
            before = _live_through(kept, report.book, planned, seed, tell)
            tell("quiet")
            queries = invariants.UNSETTLED | (invariants.NOT_UNDERSTOOD if meaning else {})
            report.settled_after, report.faults = _settled(kept, queries)
            report.faults += _what_does_not_hold(kept, fcm, report.book, before)
            report.restarts = kept.restarts
        report.kills = kept.kills
        report.log = kept.log()
    report.seconds = time.monotonic() - began
    return report


def _live_through(kept: Kept, book: Book, kills: Iterable[Kill], seed: int, tell: Callable[[str], None]) -> set[str]:
    """All the kills under the clients' load; the ids that there were before."""
    street = _settle_in(kept, book)
    with _reading(kept) as connection:
        before = invariants.ids_made(connection)
    with _playing(kept, street, book, seed):
        for number, kill in enumerate(kills, 1):
            _let_write(book, LEAST_BETWEEN)
            carry_out(kill, kept)
            tell(f"{number}. {kill.victim}; {book.acknowledged} acknowledged")
        kept.wait_until_it_answers()
        _let_write(book, 10 * LEAST_BETWEEN)
    return before


def _what_does_not_hold(kept: Kept, fcm: FakeFcm, book: Book, before: set[str]) -> list[str]:
    with _reading(kept) as connection:
        return [
            *invariants.found(connection, invariants.FAULTS),
            *invariants.missing(connection, book, before),
            *_undelivered(connection, fcm),
            *_unmailed(book, kept.folder / "mail"),
            *book.surprises,
        ]


def _settle_in(kept: Kept, book: Book) -> Street:
    """Twelve of the demo's neighbours of one quarter, each with a phone, a thing to lend, and no quiet hours."""
    phone = Phone(kept.port, book, Random(0))
    neighbours = _twelve()
    people, things = [], {}
    for neighbour in neighbours:
        person = Person(neighbour.email, PASSWORD)
        phone.sign_in(person)
        token = {"fcm_token": f"token-{person.id}", "platform": "android"}
        phone.write(person, "PUT", f"/v1/me/devices/{person.id}", token)
        phone.write(person, "PATCH", "/v1/me/preferences", {"quiet_hours": None, "asks_per_week": 20})
        things[person.id] = phone.write(person, "POST", "/v1/listings", THING).body["id"]
        people.append(person)
    return Street(people, things, neighbours[0].cell, kept.folder / "mail")


def _twelve() -> list[DemoNeighbour]:
    there = [each for each in load().neighbours if not each.association and each.away_days is None]
    quarter, _ = Counter(each.quartier for each in there).most_common(1)[0]
    return sorted(there, key=lambda each: (each.quartier != quarter, each.email))[:CLIENTS]


@contextmanager
def _playing(kept: Kept, street: Street, book: Book, seed: int) -> Iterator[None]:
    """Twelve clients for the time of a `with`; at its end each call under way is retried until it is answered."""
    enough = Event()

    def play(number: int) -> None:
        random = Random(f"{seed} {number}")
        try:
            Player(Phone(kept.port, book, random), street, book, random, enough).play()
        except Exception as reason:
            book.surprise(f"a client broke off: {reason!r}")

    threads = [Thread(target=play, args=[number], daemon=True) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _let_write(book: Book, more: int, seconds: float = 120) -> None:
    wanted, deadline = book.acknowledged + more, time.monotonic() + seconds
    while book.acknowledged < wanted:
        if time.monotonic() > deadline:
            book.surprise(f"not {more} writes were acknowledged within {seconds:.0f} s")
            return
        time.sleep(0.05)


def _settled(kept: Kept, queries: Mapping[str, str]) -> tuple[float | None, list[str]]:
    """After how many seconds all had come to an end, and what has not.

    That is given a minute of quiet; pushes whose claim has to lapse are given another.
    """
    began = time.monotonic()
    late = _until_none(kept, queries, QUIET_SECONDS)
    late += _until_none(kept, invariants.UNDELIVERED, QUIET_SECONDS + LAPSE_SECONDS - (time.monotonic() - began))
    return None if late else time.monotonic() - began, [f"after {QUIET_SECONDS} s of quiet: {each}" for each in late]


def _until_none(kept: Kept, queries: Mapping[str, str], seconds: float) -> list[str]:
    deadline = time.monotonic() + seconds
    while True:
        late = ["the database does not answer"]
        with suppress(psycopg.OperationalError), _reading(kept) as connection:
            late = invariants.found(connection, queries)
        if not late or time.monotonic() > deadline:
            return late
        time.sleep(0.5)


def _undelivered(connection: psycopg.Connection[Any], fcm: FakeFcm) -> list[str]:
    """What a row calls sent and no phone got (FCM-01)."""
    arrived = {(each["data"]["notification_id"], each["token"]) for each in fcm.accepted}
    sent = connection.execute(
        "SELECT y.notification_id::text, d.fcm_token FROM deliveries y JOIN devices d ON d.id = y.device_id"
        " WHERE y.state = 'sent'"
    )
    return [f"push of {key} is called sent and never arrived" for key, token in sent if (key, token) not in arrived]


def _unmailed(book: Book, mails: Path) -> list[str]:
    """Wishes to join that were taken and of which no mail tells."""
    told = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in mails.glob("*.eml"))
    return [f"{email} was to get a mail" for email in book.registered if email not in told]


@contextmanager
def _reading(kept: Kept) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(Cluster(kept.folder).conninfo, autocommit=True) as connection:
        yield connection
