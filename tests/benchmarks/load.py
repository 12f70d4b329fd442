"""Load on a web server, by wrk where it is installed, else by our own client; always in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("requests.lua")
GRACE_SECONDS = 20


@dataclass(frozen=True)
class Load:
    """What came of asking for some seconds; anything but 200 and 201 has failed."""

    requests: int
    seconds: float
    failed: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def client_name() -> str:
    """Who asks."""
    return "wrk" if shutil.which("wrk") else "tests.benchmarks.client"


def ask(url: str, requests: Path, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Ask what the file lists, over and over, for so many seconds; raises where the client fails."""
    done = subprocess.run(
        _command(url, requests, seconds, connections),
        capture_output=True,
        check=True,
        timeout=seconds + GRACE_SECONDS,
        text=True,
    )
    return Load(**orjson.loads(done.stdout.splitlines()[-1]))


def _command(url: str, requests: Path, seconds: float, connections: int) -> Sequence[str]:
    wrk = shutil.which("wrk")
    if wrk is None:
        port = url.rpartition(":")[2]
        return [sys.executable, "-m", "tests.benchmarks.client", port, str(seconds), str(connections), str(requests)]
    return [wrk, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT), url, "--", str(requests)]
