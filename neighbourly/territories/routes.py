"""HTTP for the rules of neighbourhoods."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.limits import WRITE
from neighbourly.territories import rules, schemas
from neighbourly.territories.models import Territory
from neighbourly.territories.selectors import get_territory

bp = Blueprint("territories", __name__, url_prefix="/v1", description="The rules of neighbourhoods.")
RULES = "/neighbourhoods/<uuid:neighbourhood_id>/rules"


@bp.get(RULES, auth=PUBLIC, returns=schemas.RulesSchema)
def get_rules(neighbourhood_id: UUID) -> Territory:
    """What a neighbourhood finds fair: how many things at once, how many open proposals, hours or gifts."""
    return get_territory(neighbourhood_id)


@bp.patch(RULES, auth=MEMBER, body=schemas.RulesUpdateSchema, returns=schemas.RulesSchema, limits=(WRITE,))
def change_rules(actor: Actor, neighbourhood_id: UUID, body: dict[str, Any]) -> Territory:
    """Change them; for who governs the neighbourhood."""
    return rules.change_rules(actor=actor, neighbourhood_id=neighbourhood_id, **body)
