"""A large installation for benchmarks: COPY without the indexes, then the indexes, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from neighbourly.core import clock
from neighbourly.demo.crowd import COLUMNS, Crowd, Lines, Size
from neighbourly.listings.reading import get_reader

BATCH = 5_000
INDEXES = """
    SELECT c.relname, pg_get_indexdef(c.oid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY(%s)
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
    ORDER BY t.relname, c.relname
"""
MEMORY = "256MB"


class NotEmpty(Exception):
    """There are people already, whose tables would be without their indexes for minutes."""


def steps(size: Size) -> int:
    """How much there is to tell of: each row that is made, and as much again for the indexes."""
    return 2 * (size.neighbours + size.listings)


def load_big(conninfo: str, size: Size, told: Callable[[int], None]) -> None:
    """Fill an empty database; `told` hears of each bit of the `steps`. Raises `NotEmpty`."""
    with psycopg.connect(conninfo) as connection:
        for setting, value in (("statement_timeout", "0"), ("maintenance_work_mem", MEMORY)):
            connection.execute(sql.SQL("SET {} = {}").format(sql.Identifier(setting), sql.Literal(value)))
        if connection.execute("SELECT EXISTS (SELECT FROM users)").fetchone() != (False,):
            raise NotEmpty("There are people in this database already: `demo big` fills an empty one.")
        crowd = Crowd(size, clock.now(), _own_territory(connection), get_reader())
        with _without_indexes(connection, size, told):
            for batches in (crowd.people(BATCH), crowd.listings(BATCH)):
                for count, lines in batches:
                    _copy(connection, lines)
                    told(count)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.SQL(", ").join(map(sql.Identifier, COLUMNS))))


@contextmanager
def _without_indexes(connection: psycopg.Connection, size: Size, told: Callable[[int], None]) -> Iterator[None]:
    """Filling an index row by row takes several times as long as building it from all rows."""
    indexes = connection.execute(INDEXES, [list(COLUMNS)]).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    total = size.neighbours + size.listings
    for number, (_, definition) in enumerate(indexes):
        connection.execute(definition)
        told(total * (number + 1) // len(indexes) - total * number // len(indexes))


def _own_territory(connection: psycopg.Connection) -> str:
    found = connection.execute("SELECT id FROM territories WHERE is_own").fetchone()
    assert found is not None  # noqa: S101  # a migration makes it
    return str(found[0])


def _copy(connection: psycopg.Connection, lines: Lines) -> None:
    for table, rows in lines.items():
        columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("\n".join([*rows, ""]))
