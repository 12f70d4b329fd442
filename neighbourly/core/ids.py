"""Identifiers: UUID version 7 (RFC 9562), which sort by the moment they were made; people have version 4 (LOC-13)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def derive_id(secret: str, *parts: object) -> UUID:
    """The same UUID for the same parts, which nobody computes without the secret; of version 4 in form (LOC-13)."""
    message = "\0".join(("id", *map(str, parts))).encode()
    return UUID(bytes=hmac.digest(secret.encode(), message, hashlib.sha256)[:16], version=4)
