"""What a cluster's folder tells of its server: whether one listens, its process, and whether it is ready."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
_PID, _PORT, _SOCKETS, _STATUS = 0, 3, 4, 7


@dataclass(frozen=True)
class Postmaster:
    """The server as its `postmaster.pid` describes it."""

    pid: int
    ready: bool


def listening_postmaster(cluster: Path) -> Postmaster | None:
    """The server that listens for this cluster, or none.

    Only the socket tells: the process id in the file outlives a killed server and may by then be another program's.
    """
    lines = _lines(cluster)
    if len(lines) <= _SOCKETS or not lines[_PID].isdecimal():
        return None
    if not _listens(Path(lines[_SOCKETS], f".s.PGSQL.{lines[_PORT]}")):
        return None
    return Postmaster(int(lines[_PID]), len(lines) > _STATUS and lines[_STATUS] == "ready")


def disown_stale_pid(cluster: Path) -> None:
    """Let the next start pass over a dead server's process id that another program has since been given.

    PostgreSQL takes any living process under that id for a server, but for the one that calls `pg_ctl`: us. The file's
    other lines stay, since by the shared memory named there it recognises backends that the dead server left behind.
    """
    file = cluster / "postmaster.pid"
    lines = file.read_text(errors="replace").splitlines(keepends=True)
    with file.open("r+") as writing:
        writing.write("".join([f"{os.getpid()}\n", *lines[1:]]))
        writing.truncate()


def _lines(cluster: Path) -> list[str]:
    try:
        text = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    return [line.strip() for line in text.splitlines()]


def _listens(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as attempt:
        attempt.settimeout(2)
        try:
            attempt.connect(os.fsencode(address))
        except (TimeoutError, BlockingIOError):
            return True  # its queue is full, so it is there
        except OSError:
            return False
        return True
