"""`python -m tests.benchmarks.silence`: the near page while other machines and phones say nothing, beside a quiet one.

The product of the README, with limits on; a Google that takes connections and never answers, a geocoder of the same
kind, and phones that send half a body (REL-12).
"""

from __future__ import annotations

import base64
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.benchmarks.programs import HOST, ROOT, free_port
from tests.fakes.silent import silent_server

SIGN_INS, HALVES, ADDRESSES = 8, 10, 4
WARMING, PAGES = 20, 100
"""Together fewer than one account may ask for in a minute."""
PROJECT = "demo-neighbourly"
READY_SECONDS = 120
HALF = (
    b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    b'{"email": '
)


def main() -> None:
    """Measure twice, and print both."""
    with ExitStack() as stack:
        google, geocoder = (stack.enter_context(silent_server()) for _ in range(2))
        api = stack.enter_context(_product(google, geocoder))
        headers = {"Authorization": f"Bearer {_sign_in(api)}"}
        _pages(api, headers, WARMING)
        quiet = _pages(api, headers, PAGES)
        with _silence(api, headers):
            time.sleep(0.5)
            beside = _pages(api, headers, PAGES)
    for name, times in (("quiet", quiet), ("beside silence", beside)):
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"near page, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms")


@contextmanager
def _product(google: str, geocoder: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # root lends it to the user that PostgreSQL runs as
        port = free_port()
        said = {"NEIGHBOURLY_FIREBASE_PROJECT": PROJECT, "NEIGHBOURLY_GEOCODER_URL": f"http://{geocoder}"}
        command = [sys.executable, "wsgi.py", "--port", str(port), "--data-dir", folder]
        environment = {**os.environ, **said, "FIREBASE_AUTH_EMULATOR_HOST": google}
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_ready(f"http://{HOST}:{port}")
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait_until_ready(api: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{api}/readyz", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError("the product did not start")


def _sign_in(api: str) -> str:
    lea = {"email": "lea@demo.neighbourly.example", "password": "bonjour-voisins"}
    token: str = requests.post(f"{api}/v1/auth/login", json=lea, timeout=10).json()["access_token"]
    return token


def _pages(api: str, headers: dict[str, str], count: int) -> list[float]:
    """Milliseconds of each near page, one after the other."""
    found = []
    with requests.Session() as session:
        for _ in range(count):
            begun = time.perf_counter()
            assert session.get(f"{api}/v1/listings?limit=20", headers=headers, timeout=30).status_code == 200
            found.append((time.perf_counter() - begun) * 1000)
    return found


@contextmanager
def _silence(api: str, headers: dict[str, str]) -> Iterator[None]:
    """Sign-ins, addresses and halves of bodies, again and again until the end."""
    ended = threading.Event()
    sign_in = {"id_token": _unsigned(), "installation_id": "x", "adult": True}
    asked: list[tuple[str, dict[str, Any]]] = [("/v1/auth/firebase", sign_in)] * SIGN_INS
    asked += [("/v1/geocode", {"q": "12 rue des Arts, Toulouse"})] * ADDRESSES

    def ask(path: str, body: dict[str, Any]) -> None:
        while not ended.is_set():
            requests.post(f"{api}{path}", json=body, headers=headers, timeout=60)
            ended.wait(1)

    def send_half() -> None:
        while not ended.is_set():
            with socket.create_connection((HOST, int(api.rpartition(":")[2]))) as phone:
                phone.sendall(HALF)
                ended.wait(5)

    threads = [threading.Thread(target=ask, args=each, daemon=True) for each in asked]
    threads += [threading.Thread(target=send_half, daemon=True) for _ in range(HALVES)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        ended.set()
        for each in threads:
            each.join(30)


def _unsigned() -> str:
    now = int(time.time())
    claims = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT, "sub": "u1"}
    times = {"iat": now, "auth_time": now, "exp": now + 3600}
    parts = (json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims | times))
    return ".".join([*(base64.urlsafe_b64encode(each.encode()).rstrip(b"=").decode() for each in parts), ""])


if __name__ == "__main__":
    main()
