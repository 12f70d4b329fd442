"""A server that takes every connection and never says a word."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_server() -> Iterator[str]:
    """`127.0.0.1:port`, for as long as the context lasts; the kernel itself takes the connections."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
