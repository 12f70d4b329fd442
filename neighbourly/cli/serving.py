"""Between granian and the app: bodies are read under a deadline before a thread is taken (REL-12)."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from neighbourly.core.api.blueprint import MAX_BODY
from neighbourly.core.api.bodies import MISSING

THREADS = 8
"""As many requests are worked on at once; each may need a connection of the pool's twenty."""
CONNECTIONS = 768
"""As many requests are taken in, most of them while their bodies come; fewer than a process may have files."""
BODY_SECONDS = 10.0
BYTES_A_SECOND = 16 * 1024
"""How fast a body must come at the least, after the first seconds that each has: slower than any phone's network."""
MOST_BYTES_HELD = 64 * 1024 * 1024
"""Of all bodies on their way together."""
BEHIND = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH")


class WsgiApp(Protocol):
    """An app of PEP 3333."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The body of the answer."""


class BodiesFirst:
    """A WSGI app as an RSGI one, for granian: a request comes to a thread of its own few once its body is whole.

    A body that does not come, or too slowly, is answered by the app as 408; of one that is too long no more is read
    than shows it, and the app refuses it. Who waits for a thread holds none, and neither does a slow reader.
    """

    def __init__(self, app: WsgiApp, *, threads: int = THREADS, body_seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="web")
        self._body_seconds = body_seconds
        self._held = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        environ = _environ(scope)
        body: bytes | None = None
        try:
            if "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0":
                body = await self._read(environ, protocol)
                environ |= {"CONTENT_LENGTH": str(len(body))} if "HTTP_TRANSFER_ENCODING" in environ else {}
        except ProtocolClosed:
            return
        except TimeoutError:
            environ |= {MISSING: True, "CONTENT_LENGTH": "0"}
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["wsgi.input"] = io.BytesIO(body or b"")
        status, headers, answer = await loop.run_in_executor(self._pool, self._answer, environ)
        if MISSING in environ:
            headers.append(("connection", "close"))
        protocol.response_bytes(status, headers, answer)

    async def _read(self, environ: dict[str, Any], protocol: Any) -> bytes:
        """The body, or of one that is too long its beginning; raises `TimeoutError` where it does not come."""
        declared = environ.get("CONTENT_LENGTH", "")
        if declared.isdecimal() and int(declared) > MAX_BODY:
            return b""
        begun, read, parts = asyncio.get_running_loop().time(), 0, protocol.__aiter__()
        found: list[bytes] = []
        try:
            while read <= MAX_BODY and self._held <= MOST_BYTES_HELD:
                part = await _wait_for_next(parts, begun + self._body_seconds + read / BYTES_A_SECOND)
                if part is None:
                    return b"".join(found)
                found.append(part)
                read += len(part)
                self._held += len(part)
        finally:
            self._held -= read
        if read <= MAX_BODY:
            raise TimeoutError
        return b"".join(found)

    def _answer(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        begun: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            begun[:] = [int(status.partition(" ")[0]), [(name.lower(), value) for name, value in headers]]

        parts = self._app(environ, start_response)
        try:
            answer = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return begun[0], begun[1], answer


async def _wait_for_next(parts: Any, until: float) -> bytes | None:
    """The next part of a body, None at its end; raises `TimeoutError`.

    Granian's own future is waited for, as no task around it can be cancelled; let go of, it ends the connection.
    """
    try:
        coming = parts.__anext__()
        done, _ = await asyncio.wait({coming}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
        if not done:
            coming.cancel()
            raise TimeoutError
        part: bytes = coming.result()
    except StopAsyncIteration:
        return None
    return part


def _environ(scope: Any) -> dict[str, Any]:
    """The request as PEP 3333 has it; of a header that came twice both values, cookies apart by semicolons."""
    client, _, port = scope.client.rpartition(":")
    name, _, server_port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": port,
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": server_port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_SOFTWARE": "Granian",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for header, value in scope.headers.items():
        key = "HTTP_" + header.upper().replace("-", "_")
        glue = ";" if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{glue}{value}" if key in environ else value
    for key in BEHIND:
        if key in environ:
            environ[key.removeprefix("HTTP_")] = environ.pop(key)
    return environ
