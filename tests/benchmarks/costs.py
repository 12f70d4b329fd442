"""`python -m tests.benchmarks.costs`: what one account can cost at most, by route; writes `docs/costs.md`.

Each route is called at the worst input that it takes, on a database in which its caller has as much of everything as
anybody may have: milliseconds and statements of a call, times how often the limits let one call in an hour.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from neighbourly.accounts.models import User
from neighbourly.app import create_app
from neighbourly.core import clock
from neighbourly.core.api.auth import Auth
from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.api.dispatch import Contract
from neighbourly.core.api.limits import EACH_MEMBER, EACH_MEMBERS_HOUR, EVERYONE
from neighbourly.core.db import db
from neighbourly.listings.hours import MOST_CLOSED, MOST_WINDOWS
from neighbourly.listings.service.ceilings import MOST_LISTINGS
from tests import databases, people
from tests.architecture.test_authorisation import ROWS, Row, filled, things_of
from tests.benchmarks.programs import ROOT
from tests.factories.listings import offer

PAGE = ROOT / "docs" / "costs.md"
ROUNDS = 3
HOUR = 3600
LOOKS_AT_OTHERS = {"search.list_listings", "start.get_start"}
"""Of these it is what the other one has that costs."""
OUTSIDE = {"places.geocode"}
"""The time of these is that of somebody else's server: two web threads at most wait for it (decision 0069)."""


@dataclass(frozen=True)
class Worst:
    """The worst that a route takes."""

    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Cost:
    """What a call of a route costs, and how many an hour one account or address may make."""

    route: str
    milliseconds: float
    statements: int
    calls: int

    @property
    def seconds(self) -> float:
        """Of server time that one account can take in an hour."""
        return self.milliseconds * self.calls / 1000

    def row(self) -> str:
        """As the table shows it."""
        return f"| `{self.route}` | {self.milliseconds:.1f} | {self.statements} | {self.calls:,} | {self.seconds:.0f} |"


def calls_an_hour(contract: Contract) -> int:
    """How often the limits that the route declares let one account, or one address, call it in an hour."""
    general = (EVERYONE,) if contract.auth is Auth.PUBLIC else (EACH_MEMBER, EACH_MEMBERS_HOUR)
    items = [each.item for each in (*general, *contract.limits)]
    return int(min(item.amount * max(1.0, HOUR / item.get_expiry()) for item in items))


def worst_inputs(things: Mapping[str, Any]) -> dict[tuple[str, str], Worst]:
    """What is worse than the plain call of the matrix of authorisation."""
    ahead = (clock.now() + timedelta(days=365)).isoformat().replace("+", "%2B")
    now = clock.now().isoformat().replace("+", "%2B")
    windows, closed = windows_and_closed()
    large = {"title": "x" * 80, "description": "mot " * 1000, "direction": "offer", "kind": "item", "category": None}
    return {
        ("GET", "bookings.get_calendar"): Worst(f"/v1/listings/{things['chairs']}/calendar?until={ahead}"),
        ("POST", "bookings.report_broken"): Worst(f"/v1/listings/{things['chairs']}/broken", {}),
        ("POST", "bookings.mend_copies"): Worst(f"/v1/listings/{things['chairs']}/mended", {}),
        ("POST", "listings.create_listing"): Worst(
            "/v1/listings", large | {"availability": windows, "unavailable": closed, "quantity": 5}
        ),
        ("PATCH", "listings.update_listing"): Worst(
            f"/v1/listings/{things['chairs']}", {"availability": windows, "unavailable": closed, "title": "Des chaises"}
        ),
        ("GET", "listings.list_my_listings"): Worst("/v1/me/listings?limit=100"),
        ("GET", "search.list_listings"): Worst(
            f"/v1/listings?radius_m=50000&limit=100&q=chaise&available_from={now}&available_until={ahead}"
        ),
        ("GET", "matching.list_matches"): Worst(f"/v1/listings/{things['request']}/matches?limit=100"),
        ("GET", "matching.list_asked"): Worst("/v1/me/asked?limit=100"),
        ("GET", "notifications.list_notifications"): Worst("/v1/notifications?limit=100"),
        ("GET", "exchanges.list_exchanges"): Worst("/v1/exchanges?limit=100"),
        ("GET", "conversations.list_conversations"): Worst("/v1/conversations?limit=100"),
        ("GET", "conversations.list_messages"): Worst(f"/v1/conversations/{things['chat']}/messages?limit=100"),
        ("GET", "timebank.list_entries"): Worst("/v1/me/timebank/entries?limit=100"),
        ("GET", "calendar_feed.read_feed"): Worst(f"/c/{things['feed']}"),
        ("POST", "exchanges.create_exchange"): Worst(
            "/v1/exchanges",
            {
                "listing_id": str(things["closed_shop"]),
                "starts_at": (clock.now() + timedelta(days=1)).isoformat(),
                "ends_at": (clock.now() + timedelta(days=300)).isoformat(),
            },
        ),
        ("POST", "preferences.save_search"): Worst("/v1/me/searches", {"q": "mot " * 20, "radius_m": 50_000}),
        ("PATCH", "preferences.update_preferences"): Worst("/v1/me/preferences", {"radius_m": None}),
    }


def windows_and_closed() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """As many weekly windows and closed days as a listing takes."""
    windows = [
        {"weekday": n % 7, "from": f"{n // 7 * 3 % 24:02d}:{n // 56 * 30:02d}", "to": f"{n // 7 * 3 % 24:02d}:59"}
        for n in range(MOST_WINDOWS)
    ]
    days = [(clock.now() + timedelta(days=3 * n)).date().isoformat() for n in range(MOST_CLOSED)]
    return windows, [{"from": each, "until": each} for each in days]


@dataclass(frozen=True)
class Prepared:
    """Two neighbours and the ids of what there is between them."""

    owner_id: UUID
    other_id: UUID
    things: Mapping[str, Any]


def prepare(app: Flask) -> Prepared:
    """The first has as much as anybody may have, the second deals with her."""
    owner, other = people.make("Ana A.", home=people.ANA_CELL), people.make("Bob B.", home=people.BOB_CELL)
    things = things_of(owner, other)
    windows, closed = windows_and_closed()
    chairs = offer(owner, "Mille chaises", kind="item", category=None, quantity=1000, no_expiry=True,
                   availability=windows, unavailable=closed)  # fmt: skip
    shop = offer(owner, "Chaise longue", kind="item", category=None, no_expiry=True, availability=windows)
    for number in range(MOST_LISTINGS - 20):
        offer(owner, f"Chaise {number}", kind="item", category=None, quantity=5, availability=windows,
              unavailable=closed)  # fmt: skip
    client = people.sign_in(app, owner)
    feed = client.post("/v1/me/calendar", json={}).json["url"].rpartition("/")[2]
    for number in range(10):
        client.put(f"/v1/me/devices/phone-{number}", json={"fcm_token": f"token {number}", "platform": "android"})
    for number in range(19):
        client.post("/v1/me/searches", json={"q": f"objet {number}"})
    db.session.execute(
        text(
            """
            INSERT INTO notifications (id, user_id, type, key, listing_id, data, created_at)
            SELECT gen_random_uuid(), :owner, 'listing_expiring', 'n' || n, :listing, '{}', now() - n * interval '1 min'
            FROM generate_series(1, 5000) n
            """
        ),
        {"owner": owner.id, "listing": chairs.id},
    )
    db.session.commit()
    return Prepared(owner.id, other.id, things | {"chairs": chairs.id, "closed_shop": shop.id, "feed": feed})


def measure(app: Flask) -> Iterator[Cost]:
    """Each route, called by whoever it answers; each call is undone, so that the next finds the same."""
    prepared = prepare(app)
    worst = worst_inputs(prepared.things)
    for (method, endpoint), row in sorted(ROWS.items(), key=lambda each: each[0][1]):
        given = worst.get((method, endpoint), Worst(row.path, row.body))
        times, statements = [], 0
        for _ in range(ROUNDS):
            with databases.apart(app):
                caller = _caller(prepared, endpoint, row)
                milliseconds, sent = _call(app, caller, method, endpoint, given, prepared.things)
            times.append(milliseconds)
            statements = max(statements, sent)
        yield Cost(
            f"{method} {endpoint}", statistics.median(times), statements, calls_an_hour(CONTRACTS[(method, endpoint)])
        )


def _caller(prepared: Prepared, endpoint: str, row: Row) -> User:
    """Who has most of it and is answered: the owner, else who deals with her, else she as an admin."""
    owner, other = (db.session.get_one(User, each) for each in (prepared.owner_id, prepared.other_id))
    if row.status_for("owner") < 300 and endpoint not in LOOKS_AT_OTHERS:
        return owner
    if row.status_for("neighbour") < 300:
        return other
    owner.role = "admin"
    return owner


def _call(
    app: Flask, caller: User, method: str, endpoint: str, given: Worst, things: Mapping[str, Any]
) -> tuple[float, int]:
    """The milliseconds and the statements of one call."""
    client = people.sign_in(app, caller)
    path, body = given.path.format(**things), filled(given.body, things)
    with databases.statements() as seen:
        began = time.perf_counter()
        answer = getattr(client, method.lower())(path, json=body)
        milliseconds = (time.perf_counter() - began) * 1000
    assert answer.status_code < 500 or endpoint in OUTSIDE, (endpoint, answer.text)
    return milliseconds, len(seen)


def write(costs: list[Cost]) -> None:
    """Put the table into its page, dearest first, and the machine above it."""
    rows = "\n".join(each.row() for each in sorted(costs, key=lambda each: -each.seconds))
    machine = f"Measured on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}), shared."
    page = PAGE.read_text()
    head = "| route | ms | statements | calls an hour | s an hour |\n|---|---|---|---|---|\n"
    start, end = "<!-- measured -->\n", "<!-- /measured -->"
    made = f"{start}{machine}\n\n{head}{rows}\n{end}"
    PAGE.write_text(re.sub(f"{start}.*{end}", lambda _found: made, page, flags=re.DOTALL))


def main() -> None:
    """On a server of its own, with a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="neighbourly-costs-"))
    databases.start()
    try:
        with databases.fresh("costs") as url:
            values = {"env": "testing", "data_dir": str(folder), "database_url": url, "log_level": "error"}
            app = create_app(databases.settings_from(values | {"limits": "off"}))
            app.test_client_class = people.FreshClient
            with databases.undone(app):
                costs = list(measure(app))
        write(costs)
        print("\n".join(each.row() for each in sorted(costs, key=lambda each: -each.seconds)))
    finally:
        databases.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
