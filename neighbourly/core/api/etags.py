"""Versions over HTTP: `ETag`, `If-None-Match` → 304, `If-Match` → 412 before anything changes.

A tag is `"<version>.<digest>"`. `If-None-Match` compares all of it, so that whatever the caller sees counts;
`If-Match` compares the version of the row, under its lock, so that what others see of it does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, request

from neighbourly.core.db import Precondition, precondition
from neighbourly.core.errors import PreconditionFailed, StaleVersion


def tag(result: Any, response: Response) -> None:
    """Give the answer its `ETag`; turn it into 304 where the caller already has it."""
    version = result.get("version", 0) if isinstance(result, dict) else getattr(result, "version", 0)
    digest = hashlib.blake2b(response.get_data(), digest_size=12).hexdigest()
    response.set_etag(f"{version}.{digest}")
    known = request.if_none_match.contains_weak(f"{version}.{digest}")
    if known and request.method in ("GET", "HEAD"):
        response.status_code = 304


@contextmanager
def guarded() -> Iterator[None]:
    """Hold `If-Match` against the first versioned row that is locked within; raises `StaleVersion`.

    A change of something that has no version cannot meet any `If-Match`: 412 as well.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*" or request.method in ("GET", "HEAD"):
        yield
        return
    wanted = Precondition(_version_of(header))
    token = precondition.set(wanted)
    try:
        yield
    finally:
        precondition.reset(token)
    if not wanted.checked:
        raise PreconditionFailed()


def _version_of(header: str) -> int:
    version = header.strip().removeprefix('"').partition(".")[0]
    if not version.isdecimal() or len(version) > 18:
        raise StaleVersion()
    return int(version)
