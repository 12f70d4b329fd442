"""Passwords: argon2id, at most a few at a time, and the commonest ones refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from neighbourly.accounts.errors import PasswordTooCommon, TooManySignIns
from neighbourly.core.errors import Fault

PATIENCE_S = 5
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""OWASP's least for argon2id: 19 MiB, two passes, one lane (SEC-07)."""

_places = BoundedSemaphore(4)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE_S):
        raise TooManySignIns(headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """The password's argon2id hash, as PHC text; raises `TooManySignIns` where too many wait."""
    with _place():
        return HASHER.hash(composed(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long where there is none (SEC-14)."""
    with _place():
        try:
            return HASHER.verify(stored or _nobodys(), composed(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the policy has risen since this hash was made."""
    return HASHER.check_needs_rehash(stored)


def refuse_common(password: str) -> None:
    """Raise `PasswordTooCommon` for one of the thirty thousand commonest that zxcvbn lists (SEC-08)."""
    if composed(password).casefold() in _commonest():
        words = PasswordTooCommon.title
        raise PasswordTooCommon(faults=[Fault("/password", "password_too_common", words)])


def composed(password: str) -> str:
    """An accent is one character on some keyboards and two on others; the password is the same."""
    return unicodedata.normalize("NFC", password)


@cache
def _commonest() -> frozenset[str]:
    return frozenset(word.casefold() for word in FREQUENCY_LISTS["passwords"])


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")
