"""HTTP for answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.answers import schemas, service
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of

bp = Blueprint("answers", __name__, url_prefix="/v1", description="Yes, later or no to a request.")


@bp.get(
    "/listings/<uuid:listing_id>/answers",
    auth=MEMBER,
    query=PageQuerySchema,
    returns=page_of(schemas.AnswerSchema),
)
def list_answers(actor: Actor, listing_id: UUID, query: dict[str, Any]) -> Page:
    """The yeses and laters to one's own request, nearest first."""
    return service.list_answers(actor=actor, listing_id=listing_id, **query)
