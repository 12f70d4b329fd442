"""The near page over HTTP against the same page written by hand, on one database, in turns; and the memory it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import event

from neighbourly.core import clock
from neighbourly.core.db import db
from tests.benchmarks.data import Installation
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import CONNECTIONS, Load, ask, client_name
from tests.benchmarks.people import Neighbour, signed_in
from tests.benchmarks.programs import Program, cpu_seconds, family, memory_mib, serving

PEOPLE, PLACES = 800, 2
"""So many that nobody comes near the rates that one person may call at."""
PRODUCTION = {
    "env": "production",
    "public_url": "https://bench.example",
    "operator": "bench",
    "contact": "bench@bench.example",
    "mail_from": "bench@bench.example",
}


@dataclass(frozen=True)
class Side:
    """One of the two servers, with what is asked of it."""

    program: Program
    url: str
    requests: Path


@dataclass(frozen=True)
class Round:
    """One turn of one side, with the processor time that its server and the database took."""

    load: Load
    server_ms: float
    database_ms: float


def measure(installation: Installation, rounds: int, seconds: float) -> Iterator[Figure]:
    """Both servers run all the time; each round asks one and then the other."""
    people = signed_in(installation, PEOPLE)
    folder, environment = installation.folder, installation.environment(**PRODUCTION)
    bare_environment = {"BARE_DATABASE": installation.conninfo}
    with (
        serving("neighbourly.cli.part", "web", folder=folder, environment=environment) as (web, web_url),
        serving("tests.benchmarks.bare", folder=folder, environment=bare_environment) as (bare, bare_url),
    ):
        ours = Side(web, web_url, _write(installation.folder / "near.txt", _as_members(people)))
        theirs = Side(bare, bare_url, _write(installation.folder / "bare.txt", _as_anyone(people)))
        for side in (ours, theirs):
            _warm_up(side)
        turns = [[_turn(side, installation, seconds) for side in (ours, theirs)] for _ in range(rounds)]
        yield _ratio(turns)
        yield _memory(web, turns)


def _as_members(people: Sequence[Neighbour]) -> Iterator[str]:
    for person in people:
        token = person.token(clock.now())
        yield from (f"/v1/listings?near={place}\t{token}" for place in person.places(PLACES))


def _as_anyone(people: Sequence[Neighbour]) -> Iterator[str]:
    for person in people:
        yield from (f"/listings?near={place}&radius_m={person.reach_m}" for place in person.places(PLACES))


def _write(file: Path, lines: Iterator[str]) -> Path:
    file.write_text("\n".join(lines) + "\n")
    return file


def _warm_up(side: Side) -> None:
    """Until all has been asked once: from then on the places are known, and the pages in memory."""
    rest = PEOPLE * PLACES
    while rest > 0:
        load = ask(side.url, side.requests, 2)
        _refuse_failures(side, load)
        rest -= load.requests


def _turn(side: Side, installation: Installation, seconds: float) -> Round:
    before = cpu_seconds(side.program.process.pid), cpu_seconds(installation.postmaster)
    load = ask(side.url, side.requests, seconds)
    after = cpu_seconds(side.program.process.pid), cpu_seconds(installation.postmaster)
    _refuse_failures(side, load)
    server, database = ((late - early) / load.requests * 1000 for early, late in zip(before, after, strict=True))
    return Round(load, server, database)


def _refuse_failures(side: Side, load: Load) -> None:
    if load.failed:
        raise RuntimeError(f"{side.program.name}: {load.failed} of {load.requests} requests failed")


def _ratio(turns: Sequence[Sequence[Round]]) -> Figure:
    ratios = sorted(ours.load.rate / theirs.load.rate for ours, theirs in turns)
    cpu = median(
        (theirs.server_ms + theirs.database_ms) / (ours.server_ms + ours.database_ms) for ours, theirs in turns
    )
    notes = [
        f"{client_name()}, {CONNECTIONS} connections, {len(turns)} rounds in turns; ratios {_listed(ratios)};"
        f" of processor time {cpu:.2f}",
        *(f"{name}: {_told([turn[side] for turn in turns])}" for side, name in enumerate(("neighbourly", "by hand"))),
    ]
    return Figure("near page: requests/s against one by hand", median(ratios), 0.6, "more", " ×", notes)


def _told(rounds: Sequence[Round]) -> str:
    def middle(of: Callable[[Round], float]) -> float:
        return median(map(of, rounds))

    return (
        f"{middle(lambda each: each.load.rate):.0f}/s, p50 {middle(lambda each: each.load.p50_ms):.1f} ms,"
        f" p99 {middle(lambda each: each.load.p99_ms):.1f} ms, processor time a request"
        f" {middle(lambda each: each.server_ms):.2f} ms server"
        f" + {middle(lambda each: each.database_ms):.2f} ms database"
    )


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)


def _memory(web: Program, turns: Sequence[Sequence[Round]]) -> Figure:
    """Granian's own process and the one that holds the app."""
    parts = [memory_mib(pid) for pid in family(web.process.pid)]
    answered = sum(ours.load.requests for ours, _ in turns)
    notes = [f"after {answered} requests; PSS of granian's process and of the app's: {_listed(parts)}"]
    return Figure("memory of one web process after it", max(parts), 150, "less", " MiB", notes)


def measure_statements(installation: Installation) -> Iterator[Figure]:
    """SQL statements of one page, for a member who looks from a place for the first and for the second time."""
    app, person = installation.app(), signed_in(installation, 1)[0]
    sent: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _d, statement, *_rest: sent.append(statement))
        headers = {"Authorization": f"Bearer {person.token(clock.now())}"}
        counts = []
        for _ in range(2):
            sent.clear()
            response = app.test_client().get(f"/v1/listings?near={person.places(1)[0]}", headers=headers)
            assert response.status_code == 200, response.text
            counts.append(len(sent))
        db.session.remove()
        db.engine.dispose()
    notes = [f"the first time from a place {counts[0]}, from then on {counts[1]}"]
    yield Figure("statements of a near page", max(counts), 3, "less", notes=notes)
