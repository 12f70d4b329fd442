"""The web server as the launcher runs it: granian with one process and a few threads."""

from __future__ import annotations

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from neighbourly.demo.policy import is_loopback

THREADS = 8
"""As many requests are worked on at once; each may need a connection of the pool's twenty."""
WAITING = 64
"""As many are taken in; further ones wait at the socket, where their clients' own time-outs count."""
LAST_REQUESTS_SECONDS = 25


def main(host: str, port: str) -> None:
    """Serve until SIGTERM; requests under way are answered first."""
    Granian(
        f"neighbourly.cli.part_app:{'open_to_this_machine' if is_loopback(host) else 'open_to_others'}",
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        backpressure=WAITING,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_REQUESTS_SECONDS,
        log_level=LogLevels.error,
    ).serve()
