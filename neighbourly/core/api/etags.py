"""Versions over HTTP: `ETag`, `If-None-Match` → 304, `If-Match` → 412 before anything changes.

A tag is `"<version>.<digest>"`. `If-None-Match` compares all of it, so that whatever the caller sees counts;
`If-Match` compares the version of the row, under its lock, so that what others see of it does not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, request

from neighbourly.core.db import Precondition, precondition
from neighbourly.core.errors import PreconditionFailed, StaleVersion

_OPAQUE_TAG = re.compile(r'(?:^|[\s,])(?:W/)?"([^"]*)"')


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

    Of a list one must match (RFC 9110, 13.1.1). A weak tag counts as a strong one: what is compared is the version,
    and proxies that compress weaken ours. Only `*` itself matches anything.
    A change of something that has no version cannot meet any `If-Match`: 412 as well.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*" or request.method in ("GET", "HEAD"):
        yield
        return
    wanted = Precondition(_versions_in(header))
    token = precondition.set(wanted)
    try:
        yield
    finally:
        precondition.reset(token)
    if not wanted.checked:
        raise PreconditionFailed()


def _versions_in(header: str) -> frozenset[int]:
    """The versions that tags of ours name; raises `StaleVersion` where there are none."""
    named = (tag.partition(".")[0] for tag in _OPAQUE_TAG.findall(header))
    versions = frozenset(int(each) for each in named if each.isascii() and each.isdecimal() and len(each) <= 18)
    if not versions:
        raise StaleVersion()
    return versions
