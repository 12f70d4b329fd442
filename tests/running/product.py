"""The real product as a process: started, watched, asked, killed part by part."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import orjson
from sqlalchemy.engine import URL

from neighbourly.demo.accounts import PASSWORD

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
GONE = (URLError, ConnectionError, TimeoutError)


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """This machine's, with the settings named and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("NEIGHBOURLY_")}
    given = {f"NEIGHBOURLY_{name.upper()}": value for name, value in settings.items()}
    return others | {"NEIGHBOURLY_DATA_DIR": str(folder)} | given


def run(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def start_in_vain(folder: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `python wsgi.py …` where it should not come far."""
    return subprocess.run(
        [sys.executable, "wsgi.py", *options],
        cwd=ROOT,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def until(true: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait for something to become true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)
    return found


@dataclass(frozen=True)
class OrdinaryUser:
    """Somebody who is not root, and a Python that they may run."""

    uid: int
    gid: int
    interpreter: str


def ordinary_user() -> OrdinaryUser | None:
    """Ourselves or, for root, `nobody` with the first Python of this version within reach; None where there is none."""
    if os.geteuid() != 0:
        return OrdinaryUser(os.geteuid(), os.getegid(), sys.executable)
    nobody = pwd.getpwnam("nobody")
    version = "import sys; print(sys.version_info[:2])"
    for interpreter in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            command = [interpreter, "-c", version]
            said = subprocess.run(
                command, user=nobody.pw_uid, extra_groups=[], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        if said.stdout.strip() == str(sys.version_info[:2]):
            return OrdinaryUser(nobody.pw_uid, nobody.pw_gid, interpreter)
    return None


class Product:
    """`python wsgi.py` on a folder of its own."""

    def __init__(
        self, folder: Path, *options: str, user: OrdinaryUser | None = None, port: int | None = None, **settings: str
    ) -> None:
        self.folder, self.port = folder, port or free_port()
        self._log = (folder.parent / f"{folder.name}.log").open("a+")
        self.process = subprocess.Popen(
            [user.interpreter if user else sys.executable, "wsgi.py", "--port", str(self.port), *options],
            cwd=ROOT,
            env=environment(folder, **settings) | {"PYTHONPATH": sysconfig.get_path("purelib")},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            **({"user": user.uid, "group": user.gid, "extra_groups": []} if user and os.geteuid() == 0 else {}),
        )

    def __enter__(self) -> Self:
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        self._log.close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """All that this process and its parts printed."""
        return Path(self._log.name).read_text()

    def wait_until_ready(self) -> None:
        """Wait for the line that says so."""
        until(lambda: f"neighbourly is ready at {self.url}" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)

    def parts(self) -> Mapping[str, int]:
        """The process of each part that lives, by its kind."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        commands = {int(pid): _command_of(int(pid)) for pid in children}
        return {words[3]: pid for pid, words in commands.items() if "neighbourly.cli.part" in words}

    def kill(self, kind: str) -> None:
        """Kill one part."""
        os.kill(until(lambda: self.parts().get(kind)), signal.SIGKILL)

    def answers(self) -> bool:
        """Whether it answers, and its database does."""
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except GONE:
            return False

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """One request; the status, and the body if it is JSON."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = Request(
            self.url + path, orjson.dumps(body) if body is not None else None, headers=headers, method=method
        )
        try:
            with urlopen(request, timeout=10) as answer:
                return answer.status, _read(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, _read(refusal)

    def sign_in(self, email: str) -> str:
        """An access token of one of the demo's neighbours."""
        status, answer = self.ask("POST", "/v1/auth/login", {"email": email, "password": PASSWORD})
        assert status == 200, answer
        return str(answer["access_token"])


class Worker:
    """`flask --app wsgi worker`, from its first line of log on; killed in the end, if it still runs."""

    def __init__(self, folder: Path, database: URL, **settings: str) -> None:
        url = database.set(drivername="postgresql").render_as_string(hide_password=False)
        self._log = (folder / "worker.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
            cwd=ROOT,
            env=environment(folder, **{"database_url": url, "meaning": "off"} | settings),
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        """All that it printed."""
        return Path(self._log.name).read_text()

    def __enter__(self) -> Self:
        until(lambda: "worker started" in self.said() or self.process.poll() is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()


def alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _command_of(pid: int) -> list[str]:
    """The words of the process's command; none where it ended since it was listed."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def _read(answer: Any) -> Any:
    raw = answer.read()
    return orjson.loads(raw) if "json" in answer.headers.get("Content-Type", "") else raw.decode()
