"""The web server as the launcher runs it: granian with one process, whose app has a few threads."""

from __future__ import annotations

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from neighbourly.cli.serving import CONNECTIONS
from neighbourly.demo.policy import is_loopback

LAST_REQUESTS_SECONDS = 25


def main(host: str, port: str) -> None:
    """Serve until SIGTERM; requests under way are answered first."""
    Granian(
        f"neighbourly.cli.part_app:{'open_to_this_machine' if is_loopback(host) else 'open_to_others'}",
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_REQUESTS_SECONDS,
        log_level=LogLevels.error,
    ).serve()
