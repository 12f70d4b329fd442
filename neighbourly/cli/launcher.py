"""`python wsgi.py`: the whole product in one command, from an empty folder to the line that says it is ready."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any

import click
import orjson

from neighbourly.cli.parts import Part, end_all
from neighbourly.cli.sentences import Refused, ensure_stop, told_in_one_sentence
from neighbourly.core.config import Settings
from neighbourly.core.postgres import Cluster, FolderLock
from neighbourly.demo import accounts as demo_accounts

LAST_WORK_SECONDS = 40.0
"""The worker finishes jobs for 30 s at most, the web server requests for 25."""
READY_SECONDS = 120.0
LOOK_SECONDS = 0.1
DATABASE_LOOK_SECONDS = 1.0


@click.command(help="Run the whole product: its database, the worker and the web server.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data-dir", help="Where everything is kept.  [default: NEIGHBOURLY_DATA_DIR, else var]")
@click.option("--demo/--no-demo", default=None, help="Load the demo neighbourhood.  [default: into a new database]")
def main(host: str, port: int, data_dir: str | None, demo: bool | None) -> None:
    """Run until Ctrl-C or SIGTERM."""
    if data_dir is not None:
        os.environ["NEIGHBOURLY_DATA_DIR"] = data_dir
    with told_in_one_sentence():
        settings = Settings.from_environment()
        refuse_taken(host, port)
        if demo and settings.production:
            raise Refused("The demo neighbourhood is not for production: leave out --demo.")
        with FolderLock(settings.data_dir):
            sys.exit(Launch(settings, host, port, demo).run())


class Launch:
    """One run of the product."""

    def __init__(self, settings: Settings, host: str, port: int, demo: bool | None) -> None:
        self._settings = settings
        self._host, self._port = host, port
        self._demo = {None: "no" if settings.production else "if-new", True: "yes", False: "no"}[demo]
        self._cluster = None if settings.database_url else Cluster(settings.data_dir)
        self._postmaster: int | None = None
        self._parts: list[Part] = []
        self._asked = 0

    def run(self) -> int:
        """All of it, in order; the exit code."""
        with self._listening_to_signals(), ExitStack() as until_the_end:
            if self._cluster is not None:
                say(f"The database in {self._cluster.folder} is started …")
                until_the_end.enter_context(self._cluster.running())
                self._postmaster = self._cluster.postmaster_pid()
            try:
                return self._prepare_and_serve()
            finally:
                end_all(self._parts, LAST_WORK_SECONDS, lambda: self._asked > 1 or not self._has_database())

    def _prepare_and_serve(self) -> int:
        prepared = self._prepared()
        if self._asked:
            return 0
        self._parts += [self._part("web server", "web", self._host, str(self._port)), self._part("worker", "worker")]
        for part in self._parts:
            part.start()
        self._wait_until_ready()
        if not self._asked:
            self._tell_ready(prepared["demo"])
        return self._watch()

    def _prepared(self) -> dict[str, Any]:
        """The database brought up to date by a process of its own, whose memory goes with it."""
        demo = "" if self._demo == "no" else ", and a new one gets the demo neighbourhood"
        say(f"It is brought up to date{demo} …")
        part = self._part("preparation", "prepare", self._demo, output=subprocess.PIPE)
        self._parts.append(part)
        part.start()
        while part.runs() and not self._asked:
            self._require_database()
            time.sleep(LOOK_SECONDS)
        if self._asked:
            return {}
        self._parts.remove(part)
        if not part.ended_well():
            raise SystemExit(1)
        result: dict[str, Any] = orjson.loads(part.said().splitlines()[-1])
        return result

    def _part(self, name: str, kind: str, *arguments: str, output: int | None = None) -> Part:
        environment = {"NEIGHBOURLY_DATA_DIR": str(self._settings.data_dir)}
        if kind == "prepare":
            environment["NEIGHBOURLY_LOG_LEVEL"] = "warning"
        if not os.environ.get("NEIGHBOURLY_PUBLIC_URL", "").strip():
            environment["NEIGHBOURLY_PUBLIC_URL"] = self._url
        return Part(name, kind, arguments, environment, output)

    def _wait_until_ready(self) -> None:
        """Raises `Refused` when a part or the database ends before, or nothing answers for too long."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._asked and not answers(self._host, self._port):
            self._require_database()
            ended = next((part for part in self._parts if not part.runs()), None)
            if ended is not None:
                raise Refused(f"The {ended.name} does not start ({ended.how_it_ended()}).")
            if time.monotonic() > deadline:
                raise Refused(f"The web server does not answer at {self._url} after {READY_SECONDS:.0f} s.")
            time.sleep(LOOK_SECONDS)

    def _watch(self) -> int:
        looked = time.monotonic()
        while not self._asked:
            if time.monotonic() - looked > DATABASE_LOOK_SECONDS or not all(part.runs() for part in self._parts):
                looked = time.monotonic()
                self._require_database()
            for part in self._parts:
                part.revive(complain)
            time.sleep(LOOK_SECONDS)
        say("It ends: what runs is finished first; Ctrl-C once more ends it at once.")
        return 0

    def _has_database(self) -> bool:
        """Whether the embedded server of this launch lives; without it no work under way can be finished."""
        return self._cluster is None or self._cluster.postmaster_pid() == self._postmaster

    def _require_database(self) -> None:
        if not self._has_database():
            raise Refused("The database server has died: everything else ends too; the next start recovers.")

    def _tell_ready(self, demo: bool) -> None:
        say(f"neighbourly is ready at {self._url}")
        if demo:
            for line in demo_accounts.sign_in_lines(self._url):
                say(line)

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        """Only note that someone asks: the run looks at it where it may end."""

        def note(_signal: int, _frame: FrameType | None) -> None:
            self._asked += 1

        kinds = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            kinds.append(signal.SIGHUP)
        before = {kind: signal.signal(kind, note) for kind in kinds}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    @property
    def _url(self) -> str:
        host = reached_at(self._host)
        return f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}"


def refuse_taken(host: str, port: int) -> None:
    """Raise `Refused` where something listens already: granian would silently share the port with another granian."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
    except OSError as reason:
        why = "is in use by another program: stop that one, or choose another with --port"
        if reason.errno != errno.EADDRINUSE:
            why = f"cannot be listened on: {reason.strerror}"
        raise Refused(ensure_stop(f"Port {port} of {host} {why}")) from reason


def answers(host: str, port: int) -> bool:
    """Whether the product, database included, answers there."""
    connection = HTTPConnection(reached_at(host), port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def reached_at(host: str) -> str:
    """Where this machine reaches what listens on an address, which may mean all of its addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # named, not bound


def say(line: str) -> None:
    """Tell whoever started it."""
    print(line, flush=True)


def complain(line: str) -> None:
    """Tell what went wrong."""
    print(line, file=sys.stderr, flush=True)
