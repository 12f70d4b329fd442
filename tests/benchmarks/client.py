"""The load client where wrk is missing: many connections, each with one request at a time, in a process of its own.

`python -m tests.benchmarks.client PORT SECONDS CONNECTIONS REQUESTS` prints one line of JSON. In the file, each line is
a path and, after tabs, an access token or nothing, and the body of a `POST` or nothing.
"""

from __future__ import annotations

import itertools
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

HOST = "127.0.0.1"
SILENCE_SECONDS = 5


class Connection:
    """One connection kept alive."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=SILENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._buffer = b""
        self._sent_at = 0.0

    def send(self) -> None:
        """Ask the next thing."""
        self._buffer = b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def take(self) -> tuple[int, float] | None:
        """The status and the seconds of an answer that has come whole."""
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed a connection")
        self._buffer += received
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head.lower()):
            return None
        return int(head[9:12]), time.perf_counter() - self._sent_at


def _length(head: bytes) -> int:
    return int(head.partition(b"content-length:")[2].partition(b"\r")[0] or 0)


def read_requests(file: Path) -> list[bytes]:
    """The requests of a file as they go over the wire."""
    requests = []
    for line in file.read_text().splitlines():
        path, token, body = [*line.split("\t"), "", ""][:3]
        header = f"Authorization: Bearer {token}\r\n" if token else ""
        if body:
            header += f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n"
        method = "POST" if body else "GET"
        requests.append(f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{header}\r\n{body}".encode())
    return requests


def main(port: int, seconds: float, connections: int, requests: Path) -> dict[str, float]:
    """Ask for so long; what came of it."""
    following = itertools.cycle(read_requests(requests))
    waiting = selectors.DefaultSelector()
    for _ in range(connections):
        connection = Connection(port, following)
        waiting.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
    answers, began = [], time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        ready = waiting.select(SILENCE_SECONDS)
        if not ready:
            raise TimeoutError("the server is silent")
        for key, _ in ready:
            answer = key.data.take()
            if answer is not None:
                answers.append(answer)
                key.data.send()
    took = sorted(each for _, each in answers)
    return {
        "requests": len(answers),
        "seconds": now - began,
        "failed": sum(status not in (200, 201) for status, _ in answers),
        "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[len(took) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    print(orjson.dumps(main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))).decode())
