"""A database into one file and back, by PostgreSQL's own programs: also the way to another server or major version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from neighbourly.core.postgres.binaries import find_clients
from neighbourly.core.postgres.problems import DumpFailed, PostgresProblem, RestoreFailed, TargetNotEmpty
from neighbourly.core.postgres.programs import telling_line

DUMP_SECONDS = RESTORE_SECONDS = 6 * 3600
CONNECT_SECONDS = 10
# Who owns what and may do what is the target's own affair: its one role owns all that it restores.
OF_NO_OWNER = ("--no-owner", "--no-privileges")
PREAMBLE = re.compile(rb"\s*$|--|\\restrict |SET |SELECT pg_catalog\.set_config")
ROWS = re.compile(rb"COPY .* FROM stdin;$")
# Servers since November 2026 (15.20 and its like) note this for themselves; a pg_dump from before writes it out, and a
# server from before refuses it.
COLUMN_VERSION = re.compile(rb"ALTER TABLE ONLY .* ALTER COLUMN .* SET \(pg_attver=\d+\);$")
SETTING = re.compile(rb"SET (\w+) = ")
TABLES_OF_ITS_OWN = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_(toast|temp)'
      AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
      )
"""


@dataclass(frozen=True)
class Server:
    """A database as the programs reach it: how to connect, the environment that holds its password, its version."""

    conninfo: str
    environment: dict[str, str]
    major: int


def dump(database: str, file: Path, *, snapshot: str | None = None, seconds: float = DUMP_SECONDS) -> None:
    """Write a database (SQLAlchemy URL or libpq conninfo) to a file that only its owner reads, as of one moment.

    That moment is now or, by `snapshot`, the one that an open transaction exported; the server goes on working.
    The file is in `pg_dump`'s custom format and appears whole or not at all.
    """
    with _connected(database, DumpFailed) as (server, _):
        clients = find_clients(server.major)
    try:
        descriptor, made = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    except OSError as reason:
        raise DumpFailed(f"{file} cannot be written: {reason.strerror}.") from reason
    os.close(descriptor)
    command = [clients.program("pg_dump"), "--format=custom", *OF_NO_OWNER, f"--file={made}"]
    command += [f"--snapshot={snapshot}"] if snapshot else []
    try:
        _run_client([*command, f"--dbname={server.conninfo}"], server.environment, seconds)
        os.replace(made, file)
    except (_ClientFailed, OSError) as reason:
        raise DumpFailed(f"The database cannot be dumped: {reason}.") from reason
    finally:
        Path(made).unlink(missing_ok=True)


def restore(file: Path, database: str, *, seconds: float = RESTORE_SECONDS) -> None:
    """Read a dump into an empty database (SQLAlchemy URL or libpq conninfo), in one transaction: all of it or nothing.

    The target's version may be another than the dump's, older ones included as far as the schema's features go.
    """
    with _connected(database, RestoreFailed) as (server, connection):
        if connection.execute(TABLES_OF_ITS_OWN).fetchone() != (0,):
            raise TargetNotEmpty("The database to restore into holds tables already: name an empty one.")
        known = {name.encode() for (name,) in connection.execute("SELECT name FROM pg_settings")}
    clients = find_clients(server.major, newest=True)
    pg_restore = [clients.program("pg_restore"), *OF_NO_OWNER, "--file=-"]
    psql = [clients.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={server.conninfo}"]
    try:
        with _wanted_entries(clients.program("pg_restore"), file, server) as wanted:
            _pour([*pg_restore, f"--use-list={wanted}", str(file)], psql, server.environment, known, seconds)
    except (_ClientFailed, OSError) as reason:
        raise RestoreFailed(f"{file} cannot be restored: {reason}.") from reason


class _ClientFailed(Exception):
    """One of the programs failed; the text is its reason."""


@contextmanager
def _connected(database: str, failure: type[PostgresProblem]) -> Iterator[tuple[Server, psycopg.Connection]]:
    try:
        parameters = _parameters(database)
        connection = psycopg.connect(make_conninfo(**{"connect_timeout": CONNECT_SECONDS, **parameters}))
    except (psycopg.Error, ArgumentError, ValueError) as reason:
        raise failure(f"The database cannot be reached: {telling_line(str(reason))}.") from reason
    with connection:
        # The programs may have another default socket than psycopg; a password on a command line is everyone's to read.
        parameters |= {"host": connection.info.host, "port": connection.info.port}
        password = str(parameters.pop("password", "") or "")
        environment = dict(os.environ, LC_ALL="C", **({"PGPASSWORD": password} if password else {}))
        yield Server(make_conninfo(**parameters), environment, connection.info.server_version // 10_000), connection


def _parameters(database: str) -> dict[str, Any]:
    """libpq's parameters of a conninfo, a libpq URI or SQLAlchemy's form of one."""
    if not database.startswith("postgresql+"):
        return dict(conninfo_to_dict(database))
    url = make_url(database)
    given = {**url.translate_connect_args(username="user", database="dbname"), **url.query}
    return {name: value for name, value in given.items() if value}


@contextmanager
def _wanted_entries(pg_restore: str, file: Path, server: Server) -> Iterator[str]:
    """A file with the dump's table of contents, but for the comments on extensions.

    Only their owner may make those, and on a managed server that is someone else.
    """
    contents = _run_client([pg_restore, "--list", str(file)], server.environment, 60).splitlines(keepends=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", errors="surrogateescape") as listing:
        listing.writelines(line for line in contents if " COMMENT - EXTENSION " not in line)
        listing.flush()
        yield listing.name


def _pour(source: list[str], target: list[str], environment: dict[str, str], known: set[bytes], seconds: float) -> None:
    """Let one program's SQL run in another, between BEGIN and a COMMIT that only a source read to its end earns."""
    with tempfile.TemporaryFile() as source_said, tempfile.TemporaryFile() as target_said:
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        with (
            subprocess.Popen(source, stdout=pipe, stderr=source_said, env=environment) as reading,
            subprocess.Popen(target, stdin=pipe, stdout=nothing, stderr=target_said, env=environment) as running,
            _ended_after(seconds, reading, running),
        ):
            complete = _pumped(reading, running, known)
        if running.returncode == 0 and complete:
            return
        said = source_said if running.returncode == 0 else target_said
        said.seek(0)
        raise _ClientFailed(telling_line(said.read().decode(errors="replace")))


def _pumped(reading: subprocess.Popen[bytes], running: subprocess.Popen[bytes], known: set[bytes]) -> bool:
    """Hand over all SQL that the target can know; returns whether it was whole."""
    script, sink = cast("IO[bytes]", reading.stdout), cast("IO[bytes]", running.stdin)
    complete = False
    with suppress(BrokenPipeError):
        sink.write(b"BEGIN;\n")
        sink.writelines(understood(script, known))
        shutil.copyfileobj(script, sink, 1 << 20)
        complete = reading.wait() == 0
        sink.write(b"COMMIT;\nANALYZE;\n" if complete else b"")
    with suppress(BrokenPipeError):
        sink.close()
    reading.kill()
    return complete


def understood(script: Iterable[bytes], known: set[bytes]) -> Iterator[bytes]:
    """The script up to its first rows, without the settings at its head that the target lacks, nor column versions."""
    head = True
    for line in script:
        head = head and PREAMBLE.match(line) is not None
        setting = SETTING.match(line) if head else None
        if (setting is None or setting[1] in known) and not COLUMN_VERSION.match(line):
            yield line
        if ROWS.match(line):
            return


@contextmanager
def _ended_after(seconds: float, *processes: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill the processes if they have not ended by then."""

    late = threading.Event()

    def end() -> None:
        late.set()
        for process in processes:
            process.kill()

    alarm = threading.Timer(seconds, end)
    alarm.start()
    try:
        yield
        for process in processes:
            process.wait()
    except BaseException:
        end()
        raise
    finally:
        alarm.cancel()
    if late.is_set():
        raise _ClientFailed(f"it took longer than {seconds:.0f} s")


def _run_client(command: list[str], environment: dict[str, str], seconds: float) -> str:
    try:
        done = subprocess.run(
            command, env=environment, timeout=seconds, capture_output=True, encoding="utf-8", errors="surrogateescape"
        )
    except subprocess.TimeoutExpired:
        raise _ClientFailed(f"it took longer than {seconds:.0f} s") from None
    if done.returncode != 0:
        raise _ClientFailed(telling_line(done.stderr.encode(errors="replace").decode()))
    return done.stdout
