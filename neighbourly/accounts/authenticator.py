"""From an `Authorization` header to the person behind it: one statement, at every request."""

from __future__ import annotations

from neighbourly.accounts import selectors, tokens
from neighbourly.core import clock
from neighbourly.core.config import settings


def authenticate(authorization: str | None) -> selectors.Actor | None:
    """The actor of a valid `Bearer` access token whose session is open; None otherwise (SEC-11, SEC-12)."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    session_id = tokens.read_access(settings().secret_key, token.strip(), at=clock.now())
    return selectors.find_actor(session_id) if session_id else None
