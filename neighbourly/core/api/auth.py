"""Who may call a route: a compulsory word on each, held against the caller that the app's authenticator finds."""

from __future__ import annotations

from enum import Enum
from typing import Protocol
from uuid import UUID

import structlog
from flask import current_app, g, request

from neighbourly.core.errors import Problem, Unauthorized

log = structlog.get_logger("security")


class Auth(Enum):
    """The kinds of callers that a route may ask for."""

    PUBLIC = "public"
    MEMBER = "member"


PUBLIC = Auth.PUBLIC
MEMBER = Auth.MEMBER


class Caller(Protocol):
    """Someone signed in, as far as the door needs to know."""

    @property
    def id(self) -> UUID:
        """Whose account it is."""

    @property
    def language(self) -> str:
        """`fr` or `en`."""


class Authenticator(Protocol):
    """Finds the caller behind an `Authorization` header, or None; raises nothing for a bad one."""

    def __call__(self, authorization: str | None) -> Caller | None:
        """The caller whose access is valid at this moment."""


def admit(wanted: Auth) -> Caller | None:
    """The caller of this request, if the route asks for one; raises `Unauthorized`."""
    if wanted is Auth.PUBLIC:
        return None
    find: Authenticator = current_app.extensions["neighbourly.authenticator"]
    caller = find(request.headers.get("Authorization"))
    if caller is None:
        raise Unauthorized(headers={"WWW-Authenticate": "Bearer"})
    g.caller = caller
    return caller


def log_denial(problem: Problem) -> None:
    """Leave one line for every refused authorisation (SEC-24): who, what, when (the log adds the time)."""
    if problem.status in (401, 403):
        caller = getattr(g, "caller", None)
        log.warning(
            "denied",
            code=problem.code(),
            status=problem.status,
            caller=str(caller.id) if caller else None,
            about=str(problem.about) if problem.about else None,
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
        )
