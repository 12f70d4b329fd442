"""What the database alone takes: near pages at two sizes, pages with words, and whom to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Connection, event, select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.matching.selectors import list_askable, need_of
from neighbourly.search.near import Wanted, find_near
from tests.benchmarks.data import Installation
from tests.benchmarks.figures import Figure
from tests.benchmarks.people import Neighbour, signed_in

PLACES = 300
WORDS = ("perceuse béton prêter", "cours anglais débutant", "vélo enfant route", "drill wall concrete")
Sent = list[tuple[str, Any]]


@contextmanager
def sent() -> Iterator[Sent]:
    """The statements sent meanwhile, with their values."""
    seen: Sent = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def executed_ms(connection: Connection, statements: Sent) -> float:
    """What PostgreSQL says that executing these took, planning included."""
    total = 0.0
    for statement, values in statements:
        told = connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values
        ).scalar_one()
        total += told[0]["Execution Time"] + told[0]["Planning Time"]
    return total


def times(installation: Installation, asks: Sequence[Callable[[], object]]) -> list[float]:
    """The database's time for each, all of them asked once before."""
    app = installation.app()
    found = []
    with app.app_context():
        for _warm_then_measured in range(2):
            found = []
            for ask in asks:
                with sent() as statements:
                    ask()
                found.append(executed_ms(db.session.connection(), statements))
            db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    return found


def near(person: Neighbour, q: str | None = None) -> Callable[[], object]:
    """One near page of this person's."""
    return lambda: find_near(
        Wanted(q=q), viewer_id=person.user_id, near=person.home, radius_m=person.reach_m, limit=20, cursor=None
    )


def measure_growth(small: Installation, large: Installation) -> Iterator[Figure]:
    """Near pages from as many places in both databases."""
    medians = {
        each.size.name: median(times(each, [near(person) for person in signed_in(each, PLACES)]))
        for each in (small, large)
    }
    notes = [f"median of {PLACES} places: {medians['small']:.2f} ms and {medians['large']:.2f} ms, planning included"]
    growth = medians["large"] / medians["small"]
    yield Figure("near page: database time, 1,000,000 against 100,000", growth, 1.3, "less", " ×", notes)


def measure_words(large: Installation) -> Iterator[Figure]:
    """Near pages with three words."""
    people = signed_in(large, PLACES)
    found = sorted(times(large, [near(person, WORDS[i % len(WORDS)]) for i, person in enumerate(people)]))
    p50, p99 = median(found), quantiles(found, n=100)[98]
    notes = [f"p50 {p50:.2f} ms, p99 {p99:.2f} ms in the database, over {PLACES} places"]
    yield Figure("three words: p99 against p50", p99 / p50, 8, "less", " ×", notes)


def measure_whom_to_ask(large: Installation) -> Iterator[Figure]:
    """The candidates for open requests all over the country."""
    app = large.app()
    with app.app_context():
        requests = select(Listing).where(Listing.direction == "request", Listing.status == "published")
        needs = [need_of(each) for each in db.session.scalars(requests.order_by(Listing.owner_id).limit(PLACES))]
        db.session.remove()
        db.engine.dispose()
    asks = [(lambda need=need: list_askable(need, clock.now())) for need in needs]
    found = times(large, asks)
    notes = [f"{len(found)} requests; p95 {quantiles(found, n=20)[18]:.2f} ms; planning included"]
    yield Figure("whom to ask: median in the database", median(found), 2, "less", " ms", notes)
