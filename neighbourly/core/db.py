"""The database: one PostgreSQL, one session a request, and the one place that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from math import inf
from select import POLLIN, poll
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from flask import Flask, g
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    Connection,
    DateTime,
    Double,
    Engine,
    MetaData,
    Select,
    SQLColumnExpression,
    Uuid,
    cast,
    event,
    func,
    inspect,
    literal_column,
    orm,
    select,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.sql.compiler import FROM_LINTING
from sqlalchemy.sql.selectable import FromClause
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate
from sqlalchemy.types import UserDefinedType

from neighbourly.core import clock, soundness
from neighbourly.core.config import SILENCE
from neighbourly.core.errors import Busy, Clash, StaleVersion

T = TypeVar("T")
Part = TypeVar("Part", bound=ExternallyTraversible)
BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014", "53300"})
"""SQLSTATEs of a database too busy: serialisation, deadlock, lock not available, time-out, too many connections."""
RESTED_SECONDS = 1.0
_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # it has none
_OF_NO_TABLE: ColumnClause[Any] = literal_column("of_no_table")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table: named constraints, aware UTC times, native UUIDs."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: DateTime(timezone=True), UUID: Uuid()},
    )


class _Session(Session):
    """A session that joins the connection with which its request reads, where there is one."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The connection, else Flask-SQLAlchemy's engine."""
        return g.get("reader") or super().get_bind(*args, **kwargs)


db = SQLAlchemy(model_class=Base, session_options={"class_": _Session, "expire_on_commit": False})


class Versioned:
    """Rows with a version that every change raises: the basis of `If-Match`."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


@event.listens_for(db.session, "before_flush")
def _raise_versions(session: Any, _context: Any, _instances: Any) -> None:
    for row in session.dirty:
        if isinstance(row, Versioned) and session.is_modified(row):
            row.version += 1
            row.updated_at = clock.now()


@dataclass
class Precondition:
    """`If-Match` of the request under way: the versions of which the first locked row must have one."""

    versions: frozenset[int]
    checked: bool = False


precondition: ContextVar[Precondition | None] = ContextVar("precondition", default=None)


def locked(statement: Select[T], *, key_share: bool = False) -> T | None:
    """The one row of the statement, locked until the transaction ends; None where there is none.

    The first versioned row that a request locks is the thing it changes: `If-Match` is held against it,
    under the lock, so that of two writers one gets it. With `key_share` rows that refer to it may be written meanwhile,
    by who holds what is locked after it. Raises `StaleVersion`.
    """
    row: T | None = db.session.scalars(
        statement.with_for_update(key_share=key_share).execution_options(populate_existing=True)
    ).one_or_none()
    wanted = precondition.get()
    if wanted is not None and not wanted.checked and isinstance(row, Versioned):
        wanted.checked = True
        if row.version not in wanted.versions:
            raise StaleVersion()
    return row


def aliased(table: type[T], name: str) -> type[T]:
    """A table under another name, for statements that many threads make of it: whole from the start."""
    made = orm.aliased(table, name=name)  # noqa: TID251  # everyone else takes this one
    whole(inspect(made).selectable)
    for column in inspect(table).column_attrs:
        getattr(made, column.key).__clause_element__()
    return made


def whole(part: Part) -> Part:
    """A part of statements that lives as long as the process, with the columns of all that it selects from at hand.

    SQLAlchemy makes and indexes them when they are first asked for, and not under a lock. Of several threads at a first
    use one may take an index that is half made for a whole one, and from then on the process has a column of another
    table in the place of one that was not in it yet.
    """
    for each in iterate(part):
        if isinstance(each, FromClause):
            each.corresponding_column(_OF_NO_TABLE)
    return part


def complete_mappings() -> None:
    """Make whole what classes and tables do not have before they are first used; before any thread uses them."""
    orm.configure_mappers()
    for table in Base.metadata.sorted_tables:
        whole(table)


def read_only() -> None:
    """This request only reads: each statement stands alone, without the round trips of a transaction around them.

    Its session, if it needs one, joins the connection. Where there is no pool but a connection with a transaction of
    its own, all stays in that.
    """
    if isinstance(db.engine, Engine):
        g.reader = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _stop_reading(_reason: BaseException | None) -> None:
    reader: Connection | None = g.pop("reader", None)
    if reader is not None:
        reader.close()


def note_along() -> None:
    """What this `GET` notes on the way, that somebody looks, is kept like any change."""
    g.noted = True


def commit() -> None:
    """Make what this transaction wrote true. The only commit there is. Raises `Unavailable` where that is in doubt."""
    soundness.ensure()
    with translated():
        db.session.commit()


def rollback() -> None:
    """Undo what this transaction wrote."""
    db.session.rollback()


def release() -> None:
    """Give the connection back before somebody else's server is awaited; nothing may have been written yet."""
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("a connection is released before anything is written, not after")
    db.session.rollback()


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction of a command or a job: committed at the end, undone by any exception."""
    try:
        yield
        commit()
    except BaseException:
        rollback()
        raise
    finally:
        db.session.remove()


def take_turns(about: UUID) -> None:
    """Whoever does something about this id waits here for each other, until their transactions end."""
    db.session.execute(select(func.pg_advisory_xact_lock(about.int % 2**63)))


def attempt(work: Callable[[], None]) -> Exception | None:
    """Do it, or nothing of it; what went wrong, whatever it is, is given back, and the transaction goes on."""
    try:
        with db.session.begin_nested():
            work()
    except Exception as reason:
        soundness.note(reason)
        return reason
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database refuses into problems: a clash is 409, a busy database 503."""
    try:
        yield
    except IntegrityError as reason:
        raise Clash() from reason
    except OperationalError as reason:
        if is_busy(reason):
            raise Busy(headers={"Retry-After": "2"}) from reason
        raise


def is_busy(reason: Exception) -> bool:
    """Whether the database had too much to do for this: the same may go well a moment later."""
    return getattr(getattr(reason, "orig", None), "sqlstate", None) in BUSY_STATES


def init_app(app: Flask, url: str) -> None:
    """Bind the app to its database; nothing is opened yet."""
    app.config["SQLALCHEMY_DATABASE_URI"] = make_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 10,
        "connect_args": {
            **SILENCE,
            "application_name": "neighbourly",
            "options": "-c timezone=UTC -c statement_timeout=20000 -c lock_timeout=10000"
            " -c idle_in_transaction_session_timeout=60000",
        },
    }
    app.teardown_appcontext(_stop_reading)
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "checkin", _note_rest)
        event.listen(db.engine, "checkout", _refuse_if_closed)
        event.listen(db.engine, "do_execute", _plan_anew)


def _note_rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = monotonic()


def _refuse_if_closed(connection: Any, record: Any, _fairy: Any) -> None:
    """Let the pool replace a connection that its server left while it rested, and with it all as old.

    There is nothing to read from it then but the server's farewell: to look takes no round trip, as it does to ask the
    server at every request (`pool_pre_ping`). One that rested for less than a second is taken at its word.
    """
    if monotonic() - record.info.get("rests_since", -inf) < RESTED_SECONDS:
        return
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError()


def _plan_anew(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Run a statement with the execution option `planned_anew` by a plan for these very values, made at each run.

    psycopg prepares what is run often, and PostgreSQL may then keep one plan for all values. That spares the planning;
    but where values decide which index is the right one (words, boxes), a plan for all is a slow one for some.
    """
    if not context.execution_options.get("planned_anew"):
        return False
    cursor.execute(statement, parameters, prepare=False)
    return True


class Read:
    """A statement of nearly every request: SQLAlchemy writes its SQL once, from then on psycopg runs it.

    That takes a third of the processor time of a run by SQLAlchemy, which is felt where answering takes a millisecond.
    Errors and `before_cursor_execute` are as there, and so is the warning of what nothing joins.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(dialect=_DIALECT, linting=FROM_LINTING)
        self.columns = tuple(statement.selected_columns.keys())
        """The names of the columns, in the order of each row."""
        self._sql = str(compiled)
        self._asked = {name: bind.callable for name, bind in compiled.binds.items() if bind.callable is not None}
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        processors = {
            name: bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for name, bind in compiled.binds.items()
        }
        self._as_sent = {name: process for name, process in processors.items() if process is not None}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows as plain tuples; each bound parameter of the statement takes its value by name."""
        values = {name: ask() for name, ask in self._asked.items()} | values
        for name in self._as_sent.keys() & values.keys():
            values[name] = self._as_sent[name](values[name])
        connection, given = g.get("reader") or db.session.connection(), self._constants | values
        cursor = connection.connection.driver_connection.cursor(binary=True)  # type: ignore[union-attr]
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, self._sql, given, None, False)
        try:
            return cursor.execute(self._sql, given).fetchall()  # type: ignore[no-any-return]
        except psycopg.Error as reason:
            closed = bool(connection.connection.driver_connection.closed)  # type: ignore[union-attr]
            if closed:
                connection.invalidate(reason)
            raise DBAPIError.instance(
                self._sql, None, reason, psycopg.Error, connection_invalidated=closed, dialect=_DIALECT
            ) from reason


class Point(UserDefinedType[tuple[float, float]]):
    """PostgreSQL's own `point`: metres east and north in Web Mercator, of a cell's centre."""

    cache_ok = True

    def get_col_spec(self, **_kwargs: Any) -> str:
        """The column's type."""
        return "point"

    def bind_processor(self, _dialect: Any) -> Any:
        """As PostgreSQL writes it."""
        return lambda value: None if value is None else f"({value[0]!r},{value[1]!r})"

    def bind_expression(self, bindvalue: Any) -> Any:
        """With a cast, so that operators find it."""
        return cast(bindvalue, self)

    def result_processor(self, _dialect: Any, _coltype: Any) -> Any:
        """Back to a pair."""
        return lambda value: None if value is None else tuple(float(part) for part in value[1:-1].split(","))


def metres_apart(one: SQLColumnExpression[Any], other: Any) -> ColumnElement[float]:
    """The Mercator metres between two points, by the operator in whose order a GiST index gives rows."""
    return one.op("<->", return_type=Double())(other)


class Box(UserDefinedType[tuple[float, float, float, float]]):
    """PostgreSQL's own `box`: west, south, east, north in Web Mercator metres."""

    cache_ok = True

    def get_col_spec(self, **_kwargs: Any) -> str:
        """The column's type."""
        return "box"

    def bind_processor(self, _dialect: Any) -> Any:
        """As PostgreSQL writes it."""
        return lambda value: None if value is None else "({!r},{!r}),({!r},{!r})".format(*value)

    def bind_expression(self, bindvalue: Any) -> Any:
        """With a cast, so that operators find it."""
        return cast(bindvalue, self)

    def result_processor(self, _dialect: Any, _coltype: Any) -> Any:
        """Back to west, south, east, north."""

        def read(value: str | None) -> tuple[float, float, float, float] | None:
            if value is None:
                return None
            east, north, west, south = (float(part) for part in value.replace("(", "").replace(")", "").split(","))
            return west, south, east, north

        return read


ischema_names.update(point=Point, box=Box)
"""So that Alembic, comparing models with the database, knows these types again."""
