"""Every refusal as RFC 9457 problem+json, the framework's own included."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from neighbourly.core import errors, soundness
from neighbourly.core.api.auth import log_denial
from neighbourly.core.api.json import dumps
from neighbourly.core.api.languages import language
from neighbourly.core.api.schema import GENERAL_FAULTS
from neighbourly.core.db import BUSY_STATES
from neighbourly.core.logs import frames

log = structlog.get_logger("api")
MOST_FAULTS = 50
"""More than anyone mends at once; a body full of unknown fields must not come back larger than it went."""

BY_STATUS: dict[int, type[errors.Problem]] = {
    family.status: family
    for family in (
        errors.BadRequest,
        errors.Unauthorized,
        errors.Forbidden,
        errors.NotFound,
        errors.MethodNotAllowed,
        errors.Conflict,
        errors.Gone,
        errors.PreconditionFailed,
        errors.ContentTooLarge,
        errors.UnsupportedMediaType,
        errors.InvalidInput,
        errors.TooManyRequests,
        errors.Unavailable,
    )
}


def answer(problem: errors.Problem) -> Response:
    """The problem as a response in the caller's language."""
    chosen = language()
    code, detail = code_and_detail(problem)
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": problem.title[chosen],
        "status": problem.status,
        "detail": detail[chosen],
        "code": code,
        **problem.extra,
    }
    if problem.faults:
        body["errors"] = [
            {"pointer": each.pointer, "code": each.code, "detail": each.words[chosen]}
            for each in problem.faults[:MOST_FAULTS]
        ]
    response = Response(dumps(body), problem.status, mimetype="application/problem+json")
    if problem.status in (429, 503):
        response.headers["Retry-After"] = "30"
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = chosen
    response.headers["Cache-Control"] = "no-store"
    return response


def code_and_detail(problem: errors.Problem) -> tuple[str, errors.Words]:
    """A 422 for one fault that has a name of its own (`cell_too_fine`, say) bears that name and its words."""
    if isinstance(problem, errors.InvalidInput) and len(problem.faults) == 1:
        only = problem.faults[0]
        if only.code not in GENERAL_FAULTS:
            return only.code, only.words
    return problem.code(), problem.detail or problem.title


def from_http(reason: HTTPException) -> errors.Problem:
    """The framework's refusal as one of ours, with its headers (`Allow`, say)."""
    family = BY_STATUS.get(reason.code or 500, errors.InternalError)
    kept = {name: value for name, value in reason.get_headers() if name in ("Allow", "Retry-After")}
    return family(headers=kept)


def from_database(reason: SQLAlchemyError) -> errors.Problem:
    """What the database refused: a clash, a busy or absent server, or a fault of ours."""
    state = getattr(getattr(reason, "orig", None), "sqlstate", None)
    if isinstance(reason, IntegrityError):
        log.warning("clash", constraint=getattr(getattr(reason.orig, "diag", None), "constraint_name", None))
        return errors.Clash()
    if isinstance(reason, PoolExhausted) or state in BUSY_STATES:
        return errors.Busy(headers={"Retry-After": "2"})
    if isinstance(reason, DataError):
        return errors.InvalidInput()
    if isinstance(reason, OperationalError | InterfaceError):
        log.error("database unreachable", state=state)
        return errors.Unavailable(headers={"Retry-After": "5"})
    return unforeseen(reason)


def unforeseen(reason: Exception) -> errors.Problem:
    """A fault of ours: its trace goes to the log, nothing of it to the caller."""
    soundness.note(reason)
    log.error("unforeseen", kind=type(reason).__name__, trace=frames(reason.__traceback__)[-12:], route=_route())
    return errors.InternalError()


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None


def as_problem(reason: Exception) -> errors.Problem:
    """Whatever was raised, as the problem that answers it."""
    match reason:
        case errors.Problem():
            return reason
        case HTTPException():
            return from_http(reason)
        case SQLAlchemyError():
            return from_database(reason)
    return unforeseen(reason)


def _handle(reason: Exception) -> Response:
    problem = as_problem(reason)
    g.problem = problem.code()
    log_denial(problem)
    return answer(problem)


def init_app(app: Flask) -> None:
    """Answer every error of the app as a problem."""
    app.register_error_handler(Exception, _handle)
    app.register_error_handler(HTTPException, _handle)
