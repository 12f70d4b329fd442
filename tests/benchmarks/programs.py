"""The processes of a benchmark: started beside it, looked at from outside, ended with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from neighbourly.cli.launcher import answers

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
READY_SECONDS = 60
LAST_SECONDS = 20


@dataclass(frozen=True)
class Program:
    """A Python module that runs as a program in a session of its own."""

    name: str
    process: subprocess.Popen[str]
    log: Path

    @classmethod
    def start(cls, module: str, *arguments: str, folder: Path, environment: Mapping[str, str]) -> Self:
        """Start it; what it says on standard error goes to a file in the folder, as a service's would."""
        name = "-".join([module.rpartition(".")[2], *arguments[:1]])
        log = folder / f"{name}.log"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                text=True,
            )
        return cls(name, process, log)

    def said(self) -> str:
        """The next line on its standard output."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        """Ask it to end, and see to it that nothing of it is left."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(LAST_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@contextmanager
def running(module: str, *arguments: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Program]:
    """The program for the time of a `with`."""
    program = Program.start(module, *arguments, folder=folder, environment=environment)
    try:
        yield program
    finally:
        program.end()


@contextmanager
def serving(
    module: str, *arguments: str, folder: Path, environment: Mapping[str, str]
) -> Iterator[tuple[Program, str]]:
    """A web server that is told a host and a port, once it answers; with its URL."""
    port = free_port()
    with running(module, *arguments, HOST, str(port), folder=folder, environment=environment) as program:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(HOST, port):
            if program.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{module} does not answer:\n{program.log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield program, f"http://{HOST}:{port}"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as attempt:
        attempt.bind((HOST, 0))
        port: int = attempt.getsockname()[1]
        return port


def family(pid: int) -> list[int]:
    """The process with all that descend from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def cpu_seconds(*pids: int) -> float:
    """The time that processors spent on the threads of these and their descendants, those that ended excepted.

    By the scheduler's own count: the ticks of /proc/<pid>/stat miss what runs for less than one at a time.
    """
    nanoseconds = 0
    for pid in {each for root in pids for each in family(root)}:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):
                nanoseconds += int(thread.read_text().split()[0])
    return nanoseconds / 1e9


def memory_mib(pid: int) -> float:
    """What one process holds, its share of what it has in common with others included (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
