"""The development page: mails with their codes, pushes, accounts and the clock; also as JSON, for `curl`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, current_app, request
from jinja2 import Environment, PackageLoader, select_autoescape

from neighbourly.core import clock
from neighbourly.core.api.auth import PUBLIC
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.languages import language
from neighbourly.core.config import settings
from neighbourly.core.errors import NotFound, require
from neighbourly.demo import selectors
from neighbourly.demo.accounts import PASSWORD
from neighbourly.demo.backstage import SeenMail, SeenPush, newest_mails, newest_pushes
from neighbourly.demo.policy import may_look_inside

bp = Blueprint("demo", __name__, description="What only a developer sees.")
_pages = Environment(loader=PackageLoader("neighbourly.demo", "pages"), autoescape=select_autoescape(["html"]))


@bp.get("/dev", auth=PUBLIC, docs=None)
def get_dev_page() -> Response:
    """What the installation sent, on one page."""
    _require_here()
    page = _pages.get_template("dev.html").render(
        language=language(),
        now=clock.now(),
        ahead_minutes=round(clock.offset().total_seconds() / 60),
        mails=_mails(),
        pushes=_pushes(),
        accounts=selectors.list_accounts(),
        password=PASSWORD,
    )
    return Response(page, headers={"Cache-Control": "no-store"})


@bp.get("/dev/mails", auth=PUBLIC, docs=None)
def list_dev_mails() -> Response:
    """The last mails, newest first."""
    return _json([asdict(mail) for mail in _mails()])


@bp.get("/dev/pushes", auth=PUBLIC, docs=None)
def list_dev_pushes() -> Response:
    """The last pushes, newest first."""
    return _json([asdict(push) for push in _pushes()])


def _mails() -> list[SeenMail]:
    _require_here()
    return newest_mails(settings().mail_folder)


def _pushes() -> list[SeenPush]:
    _require_here()
    return newest_pushes(settings().push_file, selectors.owners_of_installations())


def _require_here() -> None:
    require(may_look_inside(request.remote_addr, request.host), NotFound)


def _json(items: list[dict[str, Any]]) -> Response:
    body = current_app.json.dumps({"items": items, "next": None})
    return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})
