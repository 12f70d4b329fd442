"""From an `Authorization` header to the person behind it: one statement, at every request."""

from __future__ import annotations

from neighbourly.accounts import selectors, tokens
from neighbourly.accounts.service import note_arrived
from neighbourly.core import clock
from neighbourly.core.config import settings


def authenticate(authorization: str | None) -> selectors.Actor | None:
    """The actor of a valid `Bearer` access token whose session is open; None otherwise (SEC-11, SEC-12).

    That the token of a new generation has arrived is noted once, and kept whatever becomes of the request (SEC-10).
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    access = tokens.read_access(settings().secret_key, token.strip(), at=clock.now())
    caller = selectors.find_caller(access.session_id, access.generation) if access else None
    if caller is None:
        return None
    if caller.arrived is not None:
        note_arrived(caller.actor.session_id, caller.arrived)
    return caller.actor
