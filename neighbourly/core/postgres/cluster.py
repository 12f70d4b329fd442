"""The cluster of a data folder: prepare, start, join, stop, and recover what was killed."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import quote

from psycopg.conninfo import make_conninfo

from neighbourly.core.postgres.binaries import Binaries, find_binaries, within_reach
from neighbourly.core.postgres.identity import Identity, server_identity
from neighbourly.core.postgres.lock import open_lock, taken, turn
from neighbourly.core.postgres.making import (
    DATABASE,
    ROLE,
    copies_folder,
    is_made,
    make_cluster,
    require_same_major,
)
from neighbourly.core.postgres.postmaster import PORT, disown_stale_pid, listening_postmaster
from neighbourly.core.postgres.problems import DataFolderUnusable, NotRunning, ServerFailed
from neighbourly.core.postgres.programs import run_as, telling_line
from neighbourly.core.postgres.settings import write_settings
from neighbourly.core.postgres.sockets import forget_socket_folder, settle_socket_folder, socket_folder

# Recovery after a crash replays at most max_wal_size, seconds on any disk; a slow one is still given its time.
START_SECONDS = 120
STOP_SECONDS = 60
ORPHANS_SECONDS = 30
OTHERS_SECONDS = 180
STALE_AFTER_SECONDS = 2
LOCK_FILE = 'lock file "postmaster.pid" already exists'
LEFT_BEHIND = ("pre-existing shared memory block", LOCK_FILE)
# pg_ctl hands paths to a shell between double quotes.
UNSAFE = set('"$`\\\n')


class Cluster:
    """The embedded PostgreSQL in `<data_dir>/postgres`: role and database `neighbourly`, one private socket, no TCP.

    Making, starting and stopping take turns across processes, by `<data_dir>/postgres.lock`.
    """

    def __init__(self, data_dir: Path, binaries: Binaries | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.folder = self.data_dir / "postgres"
        self._given = binaries
        if UNSAFE & set(str(self.folder)):
            raise DataFolderUnusable(
                f'The path of the data folder {self.data_dir} holds one of " $ ` \\ or a line end.'
            )

    @property
    def conninfo(self) -> str:
        """How libpq and psycopg connect; settled once the server has started."""
        return make_conninfo(user=ROLE, dbname=DATABASE, host=str(socket_folder(self.folder)), port=PORT)

    @property
    def url(self) -> str:
        """How SQLAlchemy connects; settled once the server has started."""
        host = quote(str(socket_folder(self.folder)), safe="")
        return f"postgresql+psycopg://{ROLE}@/{DATABASE}?host={host}&port={PORT}"

    def prepare(self) -> None:
        """Make the cluster where there is none yet; one of another major version stops with a sentence."""
        with self._turn() as held:
            self._prepare(held)

    def start(self) -> bool:
        """Prepare, then start the server, or join the one that runs; returns whether it was started here.

        After a kill of the postmaster this waits for what it left behind to end, and recovers.
        """
        with self._turn() as held:
            return self._start(held)

    def stop(self) -> None:
        """Stop the server, if one runs, whoever uses it: sessions end, nothing committed is lost."""
        with self._turn():
            self._stop()

    def running(self) -> AbstractContextManager[Cluster]:
        """The server, started or joined for the time of a `with`; the last of the processes that use it so stops it."""
        return self._used(self._start)

    def joined(self) -> AbstractContextManager[Cluster]:
        """The same, of a server that runs already; who joins starts none: raises `NotRunning`."""
        return self._used(self._join)

    @contextmanager
    def _used(self, come_in: Callable[[int], object]) -> Iterator[Cluster]:
        users = open_lock(self.data_dir / "postgres.users")
        try:
            with self._turn() as held:
                fcntl.flock(users, fcntl.LOCK_SH)
                come_in(held)
            try:
                yield self
            finally:
                with self._turn():
                    if taken(users, fcntl.LOCK_EX):
                        self._stop()
        finally:
            os.close(users)

    def is_running(self) -> bool:
        """Whether a server listens for this cluster."""
        return listening_postmaster(self.folder) is not None

    def postmaster_pid(self) -> int | None:
        """The process of the server that listens, or none."""
        postmaster = listening_postmaster(self.folder)
        return postmaster.pid if postmaster else None

    @contextmanager
    def _turn(self) -> Iterator[int]:
        with turn(self.data_dir / "postgres.lock", seconds=OTHERS_SECONDS) as held:
            yield held

    def _prepare(self, held: int) -> None:
        binaries, identity = self._binaries(), server_identity(self.folder)
        if not is_made(self.folder):
            make_cluster(self.folder, binaries, identity, held)
        require_same_major(self.folder, binaries)

    def _start(self, held: int) -> bool:
        self._prepare(held)
        if self._joined():
            return False
        identity = self._adopted()
        try:
            write_settings(self.folder, settle_socket_folder(self.folder, identity), identity)
            self._start_again_until_it_runs(identity)
        except OSError as reason:
            raise DataFolderUnusable(f"{self.folder} cannot be written: {reason.strerror}.") from reason
        return True

    def _join(self, _held: int) -> None:
        if not self._joined():
            raise NotRunning(f"The PostgreSQL server of {self.folder} does not run.")

    def _joined(self) -> bool:
        """Whether a server runs and is ready; one that is starting or stopping is waited for."""
        deadline = time.monotonic() + START_SECONDS
        while postmaster := listening_postmaster(self.folder):
            if postmaster.ready:
                return True
            if time.monotonic() > deadline:
                raise ServerFailed(f"The PostgreSQL server of {self.folder} has not become ready in {START_SECONDS} s.")
            time.sleep(0.1)
        return False

    def _adopted(self) -> Identity:
        """Who serves the cluster; a folder that root copied there is handed over, one out of reach stops."""
        identity = server_identity(self.folder)
        if identity.borrowed and self.folder.stat().st_uid != identity.uid:
            identity.own_tree(self.folder)
        if not identity.reaches(self.folder):
            raise DataFolderUnusable(
                f"The user {identity.name}, who runs PostgreSQL here, cannot reach {self.folder}: "
                "let it through the folders above, or move the data folder."
            )
        return identity

    def _start_again_until_it_runs(self, identity: Identity) -> None:
        """Backends outlive a killed postmaster for a moment, and its process id may be given to another program."""
        began = time.monotonic()
        while reason := self._start_once(identity):
            waited = time.monotonic() - began
            if not any(sign in reason for sign in LEFT_BEHIND):
                raise ServerFailed(f"PostgreSQL does not start in {self.folder}: {reason}.")
            if waited > ORPHANS_SECONDS:
                raise ServerFailed(
                    f"PostgreSQL does not start in {self.folder}: a server that was killed has left sessions behind "
                    f"that still work; end the programs connected to it ({reason})."
                )
            if LOCK_FILE in reason and waited > STALE_AFTER_SECONDS and not self.is_running():
                disown_stale_pid(self.folder)
            time.sleep(0.1)

    def _start_once(self, identity: Identity) -> str | None:
        """Try to start; returns why it failed."""
        log = self.folder / "startup.log"
        log.unlink(missing_ok=True)
        done = self._pg_ctl(identity, START_SECONDS, "start", "-w", "-l", str(log))
        if done.returncode == 0:
            return None
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return telling_line(said or done.stderr)

    def _stop(self) -> None:
        if not self.is_running():
            return
        identity = server_identity(self.folder)
        done = self._pg_ctl(identity, STOP_SECONDS, "stop", "-w", "-m", "fast")
        if done.returncode != 0 and self.is_running():
            # A backend that cannot be interrupted: what was committed comes back from the log at the next start.
            done = self._pg_ctl(identity, STOP_SECONDS, "stop", "-w", "-m", "immediate")
        if done.returncode != 0 and self.is_running():
            raise ServerFailed(f"PostgreSQL does not stop in {self.folder}: {telling_line(done.stderr)}.")
        forget_socket_folder(self.folder)

    def _pg_ctl(self, identity: Identity, seconds: int, action: str, *options: str) -> CompletedProcess[str]:
        binaries = within_reach(self._binaries(), identity, copies_folder(self.folder))
        command = [binaries.program("pg_ctl"), action, "-D", str(self.folder), "-t", str(seconds), *options]
        return run_as(identity, command, folder=self.folder, seconds=seconds + 10)

    def _binaries(self) -> Binaries:
        if self._given is None:
            self._given = find_binaries()
        return self._given
