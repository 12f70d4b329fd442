"""REL-12: no thread waits for a body; who sends half of one holds up nobody, and is told."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests
from flask import Flask

from neighbourly.app import create_app
from neighbourly.cli.serving import THREADS
from tests import databases, people
from tests.factories.listings import offer
from tests.running.product import ROOT, environment, free_port, until

MANY = 3 * THREADS
HEAD = b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = b'{"email": "nobody@example.org", "password": "not known here"}'


@pytest.fixture(scope="module")
def beside(make_settings, worker_id) -> Iterator[Flask]:
    """An app on the database that is served."""
    with (
        databases.fresh(f"bodies_{worker_id}") as url,
        databases.closed_after(create_app(make_settings(database_url=url))) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def port(data_dir, beside) -> Iterator[int]:
    """Where granian serves it, as the unit of deploy/ has it."""
    url, number = beside.extensions["neighbourly.settings"].database_url, free_port()
    settings = {"env": "testing", "database_url": url, "limits": "off"}
    options = f"--interface rsgi --http 1 --no-ws --port {number} --backpressure 768 --log-level error"
    command = [sys.executable, "-m", "granian", *options.split(), "tests.running.slow_bodies:served"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment(data_dir, **settings))
    try:
        until(lambda: _is_ready(number))
        yield number
    finally:
        running.terminate()
        running.wait()


def _is_ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


@contextmanager
def sending(port: int, raw: bytes, times: int = 1) -> Iterator[list[socket.socket]]:
    """So many connections on which this was sent."""
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(times)]
        for each in opened:
            each.sendall(raw)
        yield opened


def read(connection: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    found = b""
    while part := connection.recv(65536):
        found += part
    return found


HALVES = {
    "half of it": HEAD + b"Content-Length: 500\r\n\r\n" + BODY,
    "nothing of it": HEAD + b"Content-Length: 500\r\n\r\n",
    "a part of a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\n{",
    "no last chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
}


@pytest.mark.parametrize("half", HALVES)
def test_half_sent_bodies_hold_up_nobody_and_are_told(port, near, half):
    """REL-12: whatever the half; other routes answer within a second all the while, and after a second it is 408."""
    with sending(port, HALVES[half], MANY) as halves:
        for _ in range(3):
            for path, headers in (("/v1/config", {}), near):
                begun = time.monotonic()
                answer = requests.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=5)
                assert (answer.status_code, time.monotonic() - begun < 1) == (200, True)
        told = read(halves[-1])
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"body_missing"' in told


@pytest.fixture(scope="module")
def near(beside) -> tuple[str, dict[str, str]]:
    """The near page of somebody who lives there."""
    with beside.app_context():
        ana = people.make("Ana A.", home=people.ANA_CELL)
        offer(people.make("Bob B.", home=people.BOB_CELL))
        return "/v1/listings?limit=5", {"Authorization": f"Bearer {people.sign_in(beside, ana).token}"}


def test_a_body_that_dribbles_is_given_up(port):
    """REL-12: the whole has a deadline, not each byte."""
    with sending(port, HEAD + b"Content-Length: 500\r\n\r\n") as (slow,):
        ended = threading.Event()

        def dribble() -> None:
            while not ended.wait(0.2):
                try:
                    slow.sendall(b" ")
                except OSError:
                    return

        dribbling = threading.Thread(target=dribble)
        dribbling.start()
        begun = time.monotonic()
        try:
            assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
        finally:
            ended.set()
            dribbling.join()
    assert time.monotonic() - begun < 5


def test_a_body_that_pauses_is_fine(port):
    whole = HEAD + f"Content-Length: {len(BODY)}\r\nConnection: close\r\n\r\n".encode() + BODY
    with sending(port, whole[:-20]) as (paused,):
        time.sleep(0.5)
        paused.sendall(whole[-20:])
        assert read(paused).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (HEAD + b"Content-Length: 99999999\r\n\r\n{", b"413"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"20000\r\n" + b"a" * 0x20000 + b"\r\n") * 9, b"413"),
        (HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}", b"422"),
        (HEAD + b"Content-Length: 0\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /v1/caf%C3%A9?x=%C3%A9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"BREW /v1/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"405"),
        (b"HEAD /v1/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"200"),
    ],
    ids=["too long", "too long in chunks", "whole", "empty", "accents", "another method", "a head"],
)
def test_all_else_is_answered_as_before(port, raw, status):
    with sending(port, raw) as (connection,):
        assert connection.recv(12).removeprefix(b"HTTP/1.1 ") == status


def test_who_hangs_up_half_way_harms_nobody(port):
    with sending(port, HALVES["half of it"], MANY):
        pass
    time.sleep(0.2)
    assert requests.get(f"http://127.0.0.1:{port}/v1/config", timeout=1).status_code == 200
