"""The rules of time zones: Python's are those of the `tzdata` package, and what PostgreSQL knows is compared with them.

Countries change their clocks at short notice, and a machine, its PostgreSQL and this environment are brought up to date
at different times. What is offered when is asked both in Python and in SQL: by one set of rules (BOK-03).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import orjson
from sqlalchemy import Connection, text

LOOKS_AHEAD_WEEKS = 106
"""Two years, as far as anything is planned."""
_A_WEEK, _A_SECOND = timedelta(weeks=1), timedelta(seconds=1)
_THEIRS = text(
    """
    SELECT zone, array_agg(extract(epoch FROM (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC'))::int ORDER BY at)
    FROM unnest(CAST(:zones AS text[])) AS zone, unnest(CAST(:moments AS timestamptz[])) AS at
    GROUP BY zone
    """
)
Offsets = tuple[int, ...]
"""How many seconds a zone's clocks are ahead of UTC, at each of the moments that are compared."""


@dataclass(frozen=True)
class Difference:
    """A zone of which PostgreSQL knows other rules than we, from some moment on, or none (`at` is None).

    `known_as`: the name by which PostgreSQL knows the rules that we know; None where it has no such zone.
    """

    zone: str
    at: datetime | None
    known_as: str | None


@cache
def known_zones() -> frozenset[str]:
    """The names that a person may choose."""
    return frozenset(available_timezones()) - {"Factory", "localtime"}


class _Names:
    """By zone that PostgreSQL knows otherwise than we, the name by which it knows what we know; a JSON object."""

    said = "{}"


def names_in_postgres() -> str:
    """The names by which a statement asks for the zones that PostgreSQL knows otherwise, by zone: a JSON object."""
    return _Names.said


def adopt(differences: Sequence[Difference]) -> None:
    """From now on this process asks PostgreSQL by the names that mean there what they mean here."""
    known_as = {each.zone: each.known_as for each in differences if each.known_as is not None}
    _Names.said = orjson.dumps(known_as).decode()


def compare(connection: Connection, now: datetime) -> list[Difference]:
    """The zones that PostgreSQL knows otherwise, or not at all, in the two years to come; two statements.

    Compared weekly, and to the second around each change of clocks that we know.
    """
    zones = {name: ZoneInfo(name) for name in sorted(known_zones())}
    weeks = [now.replace(microsecond=0) + n * _A_WEEK for n in range(LOOKS_AHEAD_WEEKS)]
    moments = sorted({*weeks, *(each for zone in zones.values() for each in _changes(zone, weeks))})
    ours = {name: tuple(_offset(zone, each) for each in moments) for name, zone in zones.items()}
    theirs = ask_postgres(connection, moments)
    named = {offsets: name for name, offsets in sorted(theirs.items(), reverse=True)}
    return [
        Difference(name, _first_unlike(moments, offsets, theirs.get(name)), named.get(offsets))
        for name, offsets in ours.items()
        if theirs.get(name) != offsets
    ]


def _first_unlike(moments: Sequence[datetime], ours: Offsets, theirs: Offsets | None) -> datetime | None:
    if theirs is None:
        return None
    return next(at for at, one, other in zip(moments, ours, theirs, strict=True) if one != other)


def ask_postgres(connection: Connection, moments: Sequence[datetime]) -> dict[str, Offsets]:
    """What it knows of the zones that it knows, as any statement hears it.

    There an abbreviation stands before a zone of the same name, and has no summer (`CET`).
    """
    names = list(connection.scalars(text("SELECT name FROM pg_timezone_names")))
    rows = connection.execute(_THEIRS, {"zones": names, "moments": list(moments)})
    return {name: tuple(offsets) for name, offsets in rows}


def _offset(zone: ZoneInfo, at: datetime) -> int:
    ahead = at.astimezone(zone).utcoffset()
    assert ahead is not None  # noqa: S101  # a zone has one at any moment
    return round(ahead.total_seconds())


def _changes(zone: ZoneInfo, weeks: Sequence[datetime]) -> Iterator[datetime]:
    """The last second before each change of its clocks, and the first after it."""
    for before, after in pairwise(weeks):
        was = _offset(zone, before)
        if was == _offset(zone, after):
            continue
        low, high = before.astimezone(UTC), after.astimezone(UTC)
        while high - low > _A_SECOND:
            middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
            low, high = (middle, high) if _offset(zone, middle) == was else (low, middle)
        yield from (low, high)
