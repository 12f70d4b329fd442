"""Whether the service runs and can answer, and one line of log for each request."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import text

from neighbourly.core.api import limits
from neighbourly.core.api.auth import PUBLIC
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.db import db

bp = Blueprint("health", __name__)
log = structlog.get_logger("access")


@bp.get("/healthz", auth=PUBLIC, docs=None)
def get_health() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz", auth=PUBLIC, docs=None)
def get_readiness() -> Response:
    """The process answers, and so does its database."""
    db.session.execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")


def init_app(app: Flask) -> None:
    """Log each request by its route (never its path, query or body), and set the headers that all answers have."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        if "language" in g:
            response.vary.add("Accept-Language")
        limits.tell(response)
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
            caller=str(g.caller.id) if "caller" in g else None,
            code=g.get("problem"),
        )
        return response


PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
