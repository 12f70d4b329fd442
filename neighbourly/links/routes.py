"""HTTP for the pages behind links, and the two files by which phones let the app open them."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Response

from neighbourly.core.api.auth import PUBLIC
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.json import dumps
from neighbourly.core.api.languages import language
from neighbourly.core.config import settings
from neighbourly.core.errors import NotFound
from neighbourly.links.app_identity import AppIdentity, read_identity
from neighbourly.links.page import Kind, render
from neighbourly.links.problem_page import render_problem, render_problems

CODE = re.compile("[a-z][a-z0-9_]*")
bp = Blueprint("links", __name__, description="Pages behind links.")


def _page(kind: Kind, name: str) -> Response:
    return Response(render(kind, name, language(), settings()), mimetype="text/html")


def _json(value: Any) -> Response:
    return Response(dumps(value), mimetype="application/json", headers={"Cache-Control": "public, max-age=3600"})


def _identity() -> AppIdentity:
    file = settings().app_links
    if file is None:
        raise NotFound()
    return read_identity(file)


@bp.get("/l/<uuid:listing_id>", auth=PUBLIC, docs=None)
def show_listing_link(listing_id: UUID) -> Response:
    """A listing, to be opened in the app."""
    return _page("l", str(listing_id))


@bp.get("/i/<string(maxlength=40):code>", auth=PUBLIC, docs=None)
def show_invitation_link(code: str) -> Response:
    """An invitation, with its code to type."""
    return _page("i", code)


@bp.get("/x/<uuid:exchange_id>", auth=PUBLIC, docs=None)
def show_exchange_link(exchange_id: UUID) -> Response:
    """An exchange, to be opened in the app."""
    return _page("x", str(exchange_id))


@bp.get("/problems", auth=PUBLIC, docs=None)
def show_problems() -> Response:
    """Every code that a refusal may bear."""
    return Response(render_problems(language(), settings()), mimetype="text/html")


@bp.get("/problems/<string(maxlength=80):code>", auth=PUBLIC, docs=None)
def show_problem(code: str) -> Response:
    """What the code of a refusal means."""
    if not CODE.fullmatch(code):
        raise NotFound()
    return Response(render_problem(code, language(), settings()), mimetype="text/html")


@bp.get("/.well-known/assetlinks.json", auth=PUBLIC, docs=None)
def get_assetlinks() -> Response:
    """By this Android lets the app open the links."""
    return _json(_identity().assetlinks)


@bp.get("/.well-known/apple-app-site-association", auth=PUBLIC, docs=None)
def get_apple_association() -> Response:
    """By this iOS lets the app open the links."""
    return _json(_identity().apple)
