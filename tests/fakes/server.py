"""An HTTP/1.1 server on 127.0.0.1 that answers as scripted: late, with an error, by a reset, in drops, or never."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

import orjson

DROP_SECONDS = 0.1


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One answer: what, how late, and whether it arrives whole, in drops, as a reset, or not at all."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    after_ms: float = 0
    how: Literal["whole", "drops", "reset", "dark"] = "whole"


OK = Reply()
RESET = Reply(how="reset")
DARK = Reply(how="dark")


def json_reply(payload: Any, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, orjson.dumps(payload), {"Content-Type": "application/json", **named})


def slow(milliseconds: float, then: Reply = OK) -> Reply:
    """The same answer, that much later."""
    return replace(then, after_ms=milliseconds)


class Script:
    """Which answer comes next, for one key or for all: each in turn, the last one for ever."""

    def __init__(self) -> None:
        self._general: deque[Reply] = deque([OK])
        self._by_key: dict[str, deque[Reply]] = {}

    def set(self, *replies: Reply, key: str | None = None) -> None:
        """From now on these, in this order; for one key, or for every key without its own."""
        if key is None:
            self._general = deque(replies)
        else:
            self._by_key[key] = deque(replies)

    def next(self, key: str | None = None) -> Reply:
        """The answer whose turn it is."""
        turn = self._by_key.get(key, self._general) if key is not None else self._general
        return turn.popleft() if len(turn) > 1 else turn[0]


class HttpFake(ABC):
    """A server in a thread of its own; `stop()` and `start()` keep its port, so that it can be away for a time."""

    def __init__(self, *, port: int = 0, delay_ms: float = 0) -> None:
        self.port = port
        self.delay_ms = delay_ms
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connections: set[_Connection] = set()

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """What to say to this request."""

    @property
    def url(self) -> str:
        """Where the server listens, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; returns once connections are taken."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the server did not start")

    def stop(self) -> None:
        """Listen no more, and cut every connection."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(
            loop.create_server(lambda: _Connection(self, loop), "127.0.0.1", self.port, backlog=1024)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._loop = loop
        loop.call_soon(ready.set)
        loop.run_forever()
        server.close()
        for connection in list(self._connections):
            connection.cut()
        loop.run_until_complete(server.wait_closed())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


class _Connection(asyncio.Protocol):
    """One connection kept alive; parsed by hand because a benchmark's server must cost less than what it measures."""

    def __init__(self, server: HttpFake, loop: asyncio.AbstractEventLoop) -> None:
        self._server = server
        self._loop = loop
        self._buffer = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server._connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._take()) is not None:
            reply = self._server.answer(request)
            delay = (self._server.delay_ms + reply.after_ms) / 1000
            if delay:
                self._loop.call_later(delay, self._give, reply)
            else:
                self._give(reply)

    def cut(self) -> None:
        """End the connection with a reset, not a farewell."""
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _take(self) -> Request | None:
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return None
        first, *lines = self._buffer[:head_end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body_start = head_end + 4
        end = body_start + int(headers.get("content-length", "0"))
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[body_start:end])
        del self._buffer[:end]
        method, target, _ = first.split(" ")
        parts = urlsplit(target)
        return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)

    def _give(self, reply: Reply) -> None:
        if self._transport.is_closing() or reply.how == "dark":
            return
        if reply.how == "reset":
            self.cut()
            return
        lines = [f"HTTP/1.1 {reply.status} Scripted", f"Content-Length: {len(reply.body)}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        whole = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body
        if reply.how == "drops":
            self._drip(whole)
        else:
            self._transport.write(whole)

    def _drip(self, rest: bytes) -> None:
        if rest and not self._transport.is_closing():
            self._transport.write(rest[:1])
            self._loop.call_later(DROP_SECONDS, self._drip, rest[1:])


def serve(make: Callable[[argparse.Namespace], AbstractContextManager[Any]], parser: argparse.ArgumentParser) -> None:
    """Run a fake as a program of its own until it is asked to end; the first line on stdout is its URL."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    with make(parser.parse_args()) as fake:
        print(fake.url, flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])
