"""HTTP for the first screen."""

from __future__ import annotations

from flask import current_app

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.limits import START
from neighbourly.start import schemas, service
from neighbourly.start.service import Config, Start

bp = Blueprint("start", __name__, url_prefix="/v1", description="The first screen in one call.")
PLUMBING = frozenset({"demo", "health", "links", "openapi", "start"})


@bp.get("/config", auth=PUBLIC, returns=schemas.ConfigSchema)
def get_config() -> Config:
    """What an app has to know of this installation before anyone signs in."""
    features = sorted(set(current_app.blueprints) - PLUMBING)
    return service.get_config(version=current_app.extensions["neighbourly.version"], features=features)


@bp.get("/start", auth=MEMBER, returns=schemas.StartSchema, limits=(START,))
def get_start(actor: Actor) -> Start:
    """The home screen: oneself, what to do next, what one was asked, what is near."""
    return service.get_start(actor=actor)
