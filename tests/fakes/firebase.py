"""Firebase's own Auth emulator (npm `firebase-tools`), and what a phone and an administrator do with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

PROGRAM = Path(__file__).parent.parent / "node" / "node_modules" / ".bin" / "firebase"
PROJECT = "demo-neighbourly"
PASSWORD = "a password at Google's"
READY_WITHIN_S = 90


@dataclass(frozen=True)
class Emulator:
    """A running emulator; `host` is what FIREBASE_AUTH_EMULATOR_HOST takes."""

    host: str

    def sign_up(self, email: str, *, verified: bool, **profile: Any) -> str:
        """Make an account at Firebase; its uid."""
        made = self._call("accounts:signUp", {"email": email, "password": PASSWORD, **profile})
        self.change(made["localId"], emailVerified=verified)
        return str(made["localId"])

    def sign_up_anonymously(self) -> str:
        """An account without an address; its ID token."""
        return str(self._call("accounts:signUp", {"returnSecureToken": True})["idToken"])

    def sign_in(self, email: str) -> str:
        """The ID token that a phone gets."""
        body = {"email": email, "password": PASSWORD, "returnSecureToken": True}
        return str(self._call("accounts:signInWithPassword", body)["idToken"])

    def change(self, uid: str, **fields: Any) -> None:
        """What an administrator does: `emailVerified`, `disableUser`, `validSince` (seconds, as text)."""
        self._call("accounts:update", {"localId": uid, **fields})

    def delete(self, uid: str) -> None:
        """Remove the account at Firebase."""
        self._call("accounts:delete", {"localId": uid})

    def _call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"http://{self.host}/identitytoolkit.googleapis.com/v1/{method}?key=any"
        headers = {} if method.startswith("accounts:sign") else {"Authorization": "Bearer owner"}
        answer = requests.post(url, json=body, headers=headers, timeout=10)
        assert answer.ok, answer.text
        return dict(answer.json())


@contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """Start the emulator on free ports, its files in this folder; stop it in the end."""
    ports = _free_ports(3)
    emulators = {
        name: {"host": "127.0.0.1", "port": port} for name, port in zip(("auth", "hub", "logging"), ports, strict=True)
    }
    (folder / "firebase.json").write_text(json.dumps({"emulators": {**emulators, "ui": {"enabled": False}}}))
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [str(PROGRAM), "emulators:start", "--only", "auth", "--project", PROJECT],
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "CI": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_ready(process, ports[0], folder / "emulator.log")
            yield Emulator(f"127.0.0.1:{ports[0]}")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"http://127.0.0.1:{port}/", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise RuntimeError(f"the Firebase emulator did not start: {log.read_text()[-2000:]}")
