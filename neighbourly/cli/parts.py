"""The processes that the launcher starts beside itself, watches, starts again and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
LIVED_WELL_SECONDS = 60.0
"""A part that has run for so long begins anew with the shortest wait."""


@dataclass
class Part:
    """One process, in a session of its own: Ctrl-C reaches the launcher alone, which then ends all in order."""

    name: str
    kind: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    output: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _began: float = field(default=0.0, init=False)
    _wait: float = field(default=FIRST_WAIT_SECONDS, init=False)
    _due: float | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the process; its standard input is the lifeline."""
        self._began, self._due = time.monotonic(), None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "neighbourly.cli.part", self.kind, *self.arguments],
            stdin=subprocess.PIPE,
            stdout=self.output,
            env={**os.environ, **self.environment, "PYTHONPATH": _with_root(os.environ.get("PYTHONPATH"))},
            start_new_session=True,
        )

    def runs(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def revive(self, tell: Callable[[str], None]) -> None:
        """Start the process again if it has ended: soon, and later each time that it does not last."""
        if self.runs():
            return
        now = time.monotonic()
        if self._due is None:
            self._wait = FIRST_WAIT_SECONDS if now - self._began > LIVED_WELL_SECONDS else self._wait
            self._due = now + self._wait
            tell(f"The {self.name} ended ({self.how_it_ended()}) and is started again in {self._wait:g} s.")
            self.kill()
            self._wait = min(2 * self._wait, LONGEST_WAIT_SECONDS)
        elif now >= self._due:
            self.start()

    def ended_well(self) -> bool:
        """Whether it did what it was for."""
        return self.process is not None and self.process.poll() == 0

    def said(self) -> bytes:
        """What it wrote to its `output`, where that is a pipe, by the time it ended."""
        output = self.process.stdout if self.process else None
        return output.read() if output else b""

    def how_it_ended(self) -> str:
        """Its exit, in words."""
        code = self.process.returncode if self.process else None
        return f"exit {code}" if code is None or code >= 0 else signal.Signals(-code).name

    def ask_to_end(self) -> None:
        """Let it finish what it does."""
        if self.runs() and self.process:
            self.process.terminate()

    def kill(self) -> None:
        """End what is left of it and of its own children at once."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            if self.process.stdin:
                self.process.stdin.close()


def end_all(parts: Sequence[Part], seconds: float, hurried: Callable[[], bool]) -> None:
    """Ask all to end; kill what has not after so long, or as soon as someone is in a hurry."""
    for part in parts:
        part.ask_to_end()
    deadline = time.monotonic() + seconds
    while any(part.runs() for part in parts) and time.monotonic() < deadline and not hurried():
        time.sleep(0.05)
    for part in parts:
        part.kill()


def _with_root(path: str | None) -> str:
    return os.pathsep.join([str(ROOT), *([path] if path else [])])
