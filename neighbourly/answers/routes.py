"""HTTP for answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.answers import schemas, service
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.limits import WRITE
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of

bp = Blueprint("answers", __name__, url_prefix="/v1", description="Yes, later or no to a request.")


@bp.post(
    "/listings/<uuid:listing_id>/answers",
    auth=MEMBER,
    body=schemas.AnswerCreateSchema,
    returns=schemas.OwnAnswerSchema,
    status=201,
    limits=(WRITE,),
    docs=Documented(example={"answer": "yes"}, also={200: "It takes the place of the answer before."}),
)
def answer_request(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> Created:
    """Say yes, later or no to a request; saying it again replaces it."""
    given, new = service.answer_request(actor=actor, listing_id=listing_id, **body)
    return Created(given, f"/v1/listings/{listing_id}/answers", new)


@bp.get(
    "/listings/<uuid:listing_id>/answers",
    auth=MEMBER,
    query=PageQuerySchema,
    returns=page_of(schemas.AnswerSchema),
)
def list_answers(actor: Actor, listing_id: UUID, query: dict[str, Any]) -> Page:
    """The yeses and laters to one's own request, nearest first."""
    return service.list_answers(actor=actor, listing_id=listing_id, **query)
