"""Pages of exchanges and conversations at two sizes, and many who want one copy at the same time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
import requests

from neighbourly.core import clock
from neighbourly.core.db import db
from tests.benchmarks.data import Installation
from tests.benchmarks.database import executed_ms, sent
from tests.benchmarks.figures import Figure
from tests.benchmarks.people import Neighbour, signed_in
from tests.benchmarks.programs import serving

EACH = 20
"""So many loans everyone in the crowd gave, and as many they received, whatever the size."""
PLACES = 100
CLIENTS, PROPOSALS, SLOTS = 64, 2_000, 250
PAGES = {
    "my exchanges": "/v1/exchanges",
    "my conversations": "/v1/conversations",
    "messages of a conversation": "/v1/conversations/{conversation}/messages",
}
PEOPLE = """
    CREATE TEMP TABLE people AS SELECT u.id, (row_number() OVER (ORDER BY md5(u.id::text)) - 1)::int AS n
    FROM sessions s JOIN users u ON u.id = s.user_id JOIN homes h ON h.user_id = u.id LIMIT {active};
    CREATE UNIQUE INDEX ON people (n);
    CREATE TEMP TABLE things AS SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS n
    FROM (SELECT id FROM listings WHERE direction = 'offer' AND kind = 'item' LIMIT {active}) offers;
    CREATE UNIQUE INDEX ON things (n);
    CREATE TEMP TABLE loans AS
    SELECT md5('loan' || i)::uuid AS id, md5('chat' || i)::uuid AS chat, things.id AS listing_id,
           giver.id AS giver_id, receiver.id AS receiver_id, now() - i * interval '20 seconds' AS at
    FROM generate_series(0, {active} * {each} - 1) AS i
    JOIN people giver ON giver.n = i % {active}
    JOIN people receiver ON receiver.n = (i + 1 + i / {active}) % {active}
    JOIN things ON things.n = i % {active};
"""
FILL = (
    "INSERT INTO conversations (id, listing_id, opener_id, exchange_id, created_at)"
    " SELECT chat, listing_id, receiver_id, id, at FROM loans",
    "INSERT INTO participants (conversation_id, user_id, last_message_at, unread)"
    " SELECT chat, giver_id, at, 1 FROM loans UNION ALL SELECT chat, receiver_id, at, 0 FROM loans",
    "INSERT INTO messages (id, conversation_id, author_id, kind, body, created_at)"
    " SELECT gen_random_uuid(), chat, CASE k % 2 WHEN 0 THEN giver_id ELSE receiver_id END, 'text',"
    " 'Bonjour, samedi matin vous convient ?', at - k * interval '1 minute' FROM loans, generate_series(0, 2) AS k",
    "INSERT INTO exchanges (id, kind, listing_id, giver_id, receiver_id, conversation_id, state, starts_at, ends_at,"
    " as_gift, requires_code, code_tries, looked_at, version, created_at, updated_at)"
    " SELECT id, 'loan', listing_id, giver_id, receiver_id, chat, 'returned', at, at + interval '2 days',"
    " false, false, 0, at, 1, at, at FROM loans",
    "ANALYZE conversations, participants, messages, exchanges",
)


def fill(installation: Installation) -> int:
    """Loans that are over, forty for each active neighbour; a second call finds them there. How many there are."""
    active = installation.size.listings // EACH
    with psycopg.connect(installation.conninfo) as connection:
        there = connection.execute("SELECT count(*) FROM exchanges WHERE state = 'returned'").fetchone()
        if there and there[0] >= active * EACH:
            return int(there[0])
        connection.execute(PEOPLE.format(active=active, each=EACH).encode())
        for statement in FILL:
            connection.execute(statement.encode())
        return active * EACH


def measure_growth(small: Installation, large: Installation) -> Iterator[Figure]:
    """The three pages at 100,000 exchanges and at 1,000,000, of people with as many of their own."""
    counts = [fill(each) for each in (small, large)]
    took = [_pages(each) for each in (small, large)]
    for name in PAGES:
        one, other = (median(each[name][0]) for each in took)
        most = max(each[name][1] for each in took)
        notes = [
            f"median of {PLACES}: {one:.2f} ms at {counts[0]:,} and {other:.2f} ms at {counts[1]:,}; {most} statements"
        ]
        yield Figure(f"{name}: database time, large against small", other / one, 1.3, "less", " ×", notes)


def _pages(installation: Installation) -> dict[str, tuple[list[float], int]]:
    """By page: the database's times, and the most statements that one took. Each is asked for once before."""
    app, people = installation.app(), signed_in(installation, PLACES)
    found: dict[str, tuple[list[float], int]] = {}
    client = app.test_client()
    chats = [_first_chat(client, person) for person in people]
    with app.app_context():
        engine = db.engine
    for name, path in PAGES.items():
        times, most = [], 0
        for person, chat in zip(people, chats, strict=True):
            ask = _asker(client, path.format(conversation=chat), person)
            ask()
            with app.app_context(), sent() as statements:
                ask()
            most = max(most, len(statements))
            with engine.connect() as connection:
                times.append(executed_ms(connection, statements))
        found[name] = (times, most)
    engine.dispose()
    return found


def _asker(client: Any, path: str, person: Neighbour) -> Callable[[], Any]:
    headers = {"Authorization": f"Bearer {person.token(clock.now())}"}

    def ask() -> Any:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, answer.json
        return answer.json

    return ask


def _first_chat(client: Any, person: Neighbour) -> str:
    return str(_asker(client, "/v1/conversations?limit=1", person)()["items"][0]["id"])


def measure_contention(installation: Installation) -> Iterator[Figure]:
    """64 clients propose and have accepted 2,000 loans of one drill, over slots that overlap."""
    owner, *borrowers = signed_in(installation, 1 + 400)
    environment = installation.environment(limits="off")
    with serving("neighbourly.cli.part", "web", folder=installation.folder, environment=environment) as (_web, url):
        listing = _drill(url, owner)
        began = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            outcomes = list(pool.map(lambda i: _race(url, listing, owner, borrowers, i), range(PROPOSALS)))
        took = perf_counter() - began
    seen = Counter(status for pair in outcomes for status in pair)
    accepted = sum(pair[-1] == 200 for pair in outcomes)
    overlaps = _overlaps(installation)
    bad = sum(count for status, count in seen.items() if status >= 500)
    notes = [
        f"{accepted} of {PROPOSALS} accepted in {took:.1f} s: {accepted / took:.0f} a second;"
        f" {CLIENTS} clients; answers by status: {dict(sorted(seen.items()))}"
    ]
    yield Figure("one copy, many clients: overlaps and 5xx", overlaps + bad, 0, "less", "", notes)


def _drill(url: str, owner: Neighbour) -> str:
    said = {"title": "Perceuse à percussion", "direction": "offer", "kind": "item"}
    return str(post(url, "/v1/listings", owner, said).json()["id"])


def _race(url: str, listing: str, owner: Neighbour, borrowers: Sequence[Neighbour], number: int) -> tuple[int, ...]:
    """One proposal and the owner's yes; the statuses that came back."""
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1, hours=number * 7 % SLOTS)
    said = {
        "listing_id": listing,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=1)).isoformat(),
    }
    proposed = post(url, "/v1/exchanges", borrowers[number % len(borrowers)], said)
    if proposed.status_code != 201:
        return (proposed.status_code,)
    accepted = post(url, f"/v1/exchanges/{proposed.json()['id']}/accept", owner, {})
    return proposed.status_code, accepted.status_code


_own = threading.local()
"""A client's own connection, kept open as a phone's is."""


def post(url: str, path: str, person: Neighbour, said: dict[str, Any]) -> requests.Response:
    """What this person says to that path."""
    headers = {"Authorization": f"Bearer {person.token(clock.now())}"}
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
    answer: requests.Response = _own.session.post(url + path, json=said, headers=headers, timeout=30)
    return answer


def _overlaps(installation: Installation) -> int:
    with psycopg.connect(installation.conninfo) as connection:
        row = connection.execute(
            "SELECT count(*) FROM occupations one JOIN occupations other ON one.copy_id = other.copy_id"
            " AND one.holder_id < other.holder_id AND one.period && other.period"
        ).fetchone()
    return int(row[0]) if row else 0
