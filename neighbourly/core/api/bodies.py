"""A body that began to come and did not: the server says so, the app answers."""

from __future__ import annotations

from flask import Flask, request

from neighbourly.core.errors import Problem

MISSING = "neighbourly.body_missing"
"""Set in the environment of a request whose body the server waited for in vain."""


class BodyMissing(Problem):
    """The body did not come in time: nothing was done, and the same request may be sent again."""

    status = 408
    title = {"fr": "La requête n'est pas arrivée en entier", "en": "The request did not arrive whole"}


def init_app(app: Flask) -> None:
    """Refuse what did not arrive whole before anything else is done with it."""
    app.before_request(_refuse_missing)


def _refuse_missing() -> None:
    if MISSING in request.environ:
        raise BodyMissing()
