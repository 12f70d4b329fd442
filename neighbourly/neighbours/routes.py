"""HTTP for neighbours."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.neighbours import schemas, service
from neighbourly.neighbours.selectors import Face

bp = Blueprint("neighbours", __name__, url_prefix="/v1", description="Who lives near.")


@bp.get("/neighbours/<uuid:user_id>", auth=MEMBER, returns=schemas.NeighbourSchema)
def get_neighbour(actor: Actor, user_id: UUID) -> Face:
    """The public face of a neighbour."""
    return service.get_neighbour(actor=actor, user_id=user_id)
