"""What is killed when, and the command started again as systemd would."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Thread

from neighbourly.core.postgres import Cluster
from tests.running.product import Product, free_port, until

VICTIMS = ("web", "web process", "worker", "session", "postmaster", "launcher", "all")
"""A part, the process that the web server makes, a database session (its server recovers by itself), …"""
LONGEST_WAIT_SECONDS = 3.0
IMPATIENT = 0.2
"""So often the next kill does not wait until the product has recovered from the last."""
RESTART_SECONDS = 0.5


@dataclass(frozen=True)
class Kill:
    """One SIGKILL: of what, how long after the product answers again, or without waiting for that."""

    victim: str
    after_seconds: float
    patient: bool


def plan(seed: int, kills: int) -> Sequence[Kill]:
    """Always the same for a seed; of seven kills in a row each kind has one."""
    random, planned = Random(seed), []
    while len(planned) < kills:
        for victim in random.sample(VICTIMS, len(VICTIMS)):
            wait = LONGEST_WAIT_SECONDS * random.random()
            planned.append(Kill(victim, wait, random.random() >= IMPATIENT))
    return planned[:kills]


class Kept:
    """The one command on one folder and port, started again whenever it ends."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        self.kills: Counter[str] = Counter()
        self.restarts = 0
        self._settings = settings
        self._over = Event()
        self.product = self._started("--demo")
        self._thread = Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> Kept:
        self.product.wait_until_ready()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.product.__exit__()

    def answers(self) -> bool:
        """Whether it answers, and its database does."""
        return self.product.answers()

    def wait_until_it_answers(self) -> None:
        """Whatever was killed comes back within two minutes."""
        until(self.answers)

    def log(self) -> str:
        """All that all of its starts printed."""
        return self.product.said()

    def kill(self, victim: str) -> None:
        """SIGKILL; what is not there at this moment is waited for."""
        for pid in until(lambda: self._pids(victim)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kills[victim] += 1

    def _pids(self, victim: str) -> list[int]:
        with suppress(FileNotFoundError, ProcessLookupError, IndexError):
            product = self.product
            parts, postmaster = product.parts(), Cluster(self.folder).postmaster_pid()
            match victim:
                case "launcher":
                    return [product.process.pid] if product.process.poll() is None else []
                case "postmaster":
                    return [postmaster] if postmaster else []
                case "session":
                    return sessions(postmaster)[:1] if postmaster else []
                case "web process":
                    return children(parts["web"]) if "web" in parts else []
                case "all":
                    inner = [child for pid in parts.values() for child in children(pid)]
                    found = [product.process.pid, *parts.values(), *inner, *([postmaster] if postmaster else [])]
                    return found if product.process.poll() is None else []
                case part:
                    return [parts[part]] if part in parts else []
        return []

    def _keep(self) -> None:
        while not self._over.wait(0.1):
            if self.product.process.poll() is not None:
                self._over.wait(RESTART_SECONDS)
                self.product.__exit__()
                self.product = self._started()
                self.restarts += 1

    def _started(self, *options: str) -> Product:
        return Product(self.folder, *options, port=self.port, **self._settings)


def children(pid: int) -> list[int]:
    """The processes that one made and that live."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def sessions(postmaster: int) -> list[int]:
    """The sessions of a database server, those at work first."""
    found = []
    for pid in children(postmaster):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").decode()
        if "[local]" in command:
            found.append((command.endswith("idle"), pid))
    return [pid for _, pid in sorted(found)]


def carry_out(kill: Kill, kept: Kept) -> None:
    """Wait as planned, then kill."""
    if kill.patient:
        kept.wait_until_it_answers()
    time.sleep(kill.after_seconds)
    kept.kill(kill.victim)
