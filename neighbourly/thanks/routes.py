"""HTTP for thanks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.limits import WRITE
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of
from neighbourly.thanks import schemas, service
from neighbourly.thanks.selectors import BothThanks

bp = Blueprint("thanks", __name__, url_prefix="/v1", description="Thank you, in words.")
ONE = "/exchanges/<uuid:exchange_id>"


@bp.post(
    ONE + "/thanks",
    auth=MEMBER,
    body=schemas.ThankSchema,
    returns=schemas.BothThanksSchema,
    status=201,
    limits=(WRITE,),
    docs=Documented(also={200: "The same words again."}),
)
def thank_neighbour(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> Created:
    """Say thank you, in words that the other side reads, and shows on their page if they like.

    Who thanks back agrees to show what was said of them, unless it holds contact data.
    """
    said, new = service.thank_neighbour(actor=actor, exchange_id=exchange_id, **body)
    return Created(said, f"/v1/exchanges/{exchange_id}/thanks", new)


@bp.get(ONE + "/thanks", auth=MEMBER, returns=schemas.BothThanksSchema)
def get_thanks(actor: Actor, exchange_id: UUID) -> BothThanks:
    """What the two said."""
    return service.get_thanks(actor=actor, exchange_id=exchange_id)


@bp.put(
    ONE + "/thanks/shown",
    auth=MEMBER,
    body=schemas.ThanksShownSchema,
    returns=schemas.BothThanksSchema,
    limits=(WRITE,),
    docs=Documented(example={"shown": True}),
)
def show_thanks(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> BothThanks:
    """Show on one's own page what the other side wrote, or take it off."""
    return service.show_thanks(actor=actor, exchange_id=exchange_id, **body)


@bp.delete(ONE + "/thanks", auth=MEMBER, status=204, limits=(WRITE,))
def take_thanks_back(actor: Actor, exchange_id: UUID) -> None:
    """Take back what one wrote."""
    service.take_thanks_back(actor=actor, exchange_id=exchange_id)


@bp.get("/me/thanks", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.ReceivedThanksSchema))
def list_received_thanks(actor: Actor, query: dict[str, Any]) -> Page:
    """What others wrote of oneself, shown or not, newest first."""
    return service.list_received_thanks(actor=actor, **query)


@bp.post(ONE + "/concern", auth=MEMBER, body=schemas.ConcernCreateSchema, status=204, limits=(WRITE,))
def raise_concern(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> None:
    """Tell moderators something, and nobody else; reporting thanks takes them off one's page."""
    service.raise_concern(actor=actor, exchange_id=exchange_id, **body)


@bp.get("/concerns", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.ConcernSchema))
def list_concerns(actor: Actor, query: dict[str, Any]) -> Page:
    """What people told moderators; for moderators of the territory."""
    return service.list_concerns(actor=actor, **query)
