"""As much of a Redis server as the counters of the limits ask: well, silent, in drops, as nonsense, or by a reset."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from typing import Any, Literal, Self

How = Literal["well", "silent", "drops", "nonsense", "reset"]
DROP_SECONDS = 0.03


class FakeRedis:
    """Counts keys; `how` it answers can be changed at any time, and `questions` says how often it was asked."""

    def __init__(self, how: How = "well") -> None:
        self.how: How = how
        self.questions = 0
        self.counts: dict[bytes, int] = {}
        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.fake = self

    @property
    def url(self) -> str:
        """As `NEIGHBOURLY_LIMITS_URL` names it."""
        return "redis://{}:{}/0".format(*self._server.server_address)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, words: list[bytes]) -> bytes:
        """The reply to one command, as RESP2 writes it."""
        command = words[0].upper()
        match command:
            case b"EVALSHA" | b"EVAL":
                key, amount = words[3], int(words[5])
                self.counts[key] = self.counts.get(key, 0) + amount
                return b":%d\r\n" % self.counts[key]
            case b"GET" if words[1] in self.counts:
                value = b"%d" % self.counts[words[1]]
                return b"$%d\r\n%s\r\n" % (len(value), value)
            case b"GET":
                return b"$-1\r\n"
            case b"TTL":
                return b":60\r\n"
            case b"HELLO":
                return b"%1\r\n$5\r\nproto\r\n:3\r\n"
        return b"+OK\r\n"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    fake: FakeRedis


class _Connection(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        fake: FakeRedis = self.server.fake
        try:
            while line := self.rfile.readline():
                words = [self._word() for _ in range(int(line[1:]))]
                fake.questions += 1
                if not self._give(fake, fake.answer(words)):
                    return
        except OSError:
            return

    def _word(self) -> bytes:
        length = int(self.rfile.readline()[1:])
        return self.rfile.read(length + 2)[:-2]

    def _give(self, fake: FakeRedis, reply: bytes) -> bool:
        if fake.how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return False
        if fake.how == "drops":
            for place in range(len(reply)):
                self.wfile.write(reply[place : place + 1])
                time.sleep(DROP_SECONDS)
        elif fake.how != "silent":
            self.wfile.write(b"what?\r\n" if fake.how == "nonsense" else reply)
        return True
