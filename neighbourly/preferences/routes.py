"""HTTP for preferences."""

from __future__ import annotations

from typing import Any

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.limits import WRITE
from neighbourly.preferences import schemas, selectors, service
from neighbourly.preferences.models import Preferences

bp = Blueprint("preferences", __name__, url_prefix="/v1", description="What one wants to be asked, when and how often.")

EXAMPLE = {"interests": ["power-drills", "lessons"], "quiet_hours": {"from": "22:00", "to": "07:00"}}


@bp.get("/me/preferences", auth=MEMBER, returns=schemas.PreferencesSchema)
def get_preferences(actor: Actor) -> Preferences:
    """What one wants to be asked."""
    return selectors.get_preferences(actor.id)


@bp.patch(
    "/me/preferences",
    auth=MEMBER,
    body=schemas.PreferencesUpdateSchema,
    returns=schemas.PreferencesSchema,
    limits=(WRITE,),
    docs=Documented(example=EXAMPLE),
)
def update_preferences(actor: Actor, body: dict[str, Any]) -> Preferences:
    """Change what one wants to be asked; what is left out stays."""
    return service.update_preferences(actor=actor, **body)
