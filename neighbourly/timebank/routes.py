"""HTTP for the timebank."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.creations import Creates
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.limits import WRITE
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of
from neighbourly.timebank import schemas, service, wording
from neighbourly.timebank.selectors import Statement

bp = Blueprint("timebank", __name__, url_prefix="/v1", description="Minutes: an hour is an hour.")
ENTRIES = "/v1/me/timebank/entries"
AGAIN = Documented(also={200: "The same transfer again."})
UNCOUNTED = Documented(also={409: "Where no hours are counted."})
SHARED = Documented(
    example={"to_pot": True, "minutes": 60, "memo": "Pour celles et ceux qui en ont besoin."}, also=AGAIN.also
)


@bp.get("/me/timebank", auth=MEMBER, returns=schemas.BalanceSchema)
def get_balance(actor: Actor) -> wording.BalanceInWords:
    """One's own balance, or in gift mode how often one gave and received."""
    return wording.balance(service.get_balance(actor=actor), actor.language)


@bp.get(
    "/me/timebank/entries",
    auth=MEMBER,
    query=PageQuerySchema,
    returns=page_of(schemas.EntrySchema),
    docs=UNCOUNTED,
)
def list_entries(actor: Actor, query: dict[str, Any]) -> Page:
    """The lines of one's own account, newest first."""
    return wording.page(service.list_entries(actor=actor, **query), actor.language)


@bp.get(
    "/me/timebank/statement",
    auth=MEMBER,
    query=schemas.StatementQuerySchema,
    returns=schemas.StatementSchema,
    docs=UNCOUNTED,
)
def get_statement(actor: Actor, query: dict[str, Any]) -> Statement:
    """A month of one's own account."""
    return service.get_statement(actor=actor, **query)


def _get_transfer_again(actor: Actor, id: UUID) -> Created:
    return Created(wording.line(service.get_transfer(actor=actor, transfer_id=id), actor.language), ENTRIES)


@bp.post(
    "/timebank/transfers",
    auth=MEMBER,
    body=schemas.TransferCreateSchema,
    returns=schemas.EntrySchema,
    status=201,
    limits=(WRITE,),
    creates=Creates("transfer", _get_transfer_again),
    docs=SHARED,
)
def transfer_minutes(actor: Actor, body: dict[str, Any]) -> Created:
    """Give minutes to a neighbour, or share them with the neighbourhood."""
    made, new = service.transfer_minutes(actor=actor, **body)
    return Created(wording.line(made, actor.language), ENTRIES, new)


@bp.post(
    "/timebank/transfers/<uuid:transfer_id>/reverse",
    auth=MEMBER,
    returns=schemas.EntrySchema,
    status=201,
    limits=(WRITE,),
)
def reverse_transfer(actor: Actor, transfer_id: UUID) -> Created:
    """Give back what one received, once."""
    made = service.reverse_transfer(actor=actor, transfer_id=transfer_id)
    return Created(wording.line(made, actor.language), ENTRIES)


@bp.get(
    "/neighbourhoods/<uuid:neighbourhood_id>/pot",
    auth=MEMBER,
    query=schemas.PotQuerySchema,
    returns=schemas.PotSchema,
    docs=UNCOUNTED,
)
def get_pot(actor: Actor, neighbourhood_id: UUID, query: dict[str, Any]) -> wording.PotInWords:
    """What a neighbourhood holds in common, for its neighbours."""
    return wording.pot(service.get_pot(actor=actor, neighbourhood_id=neighbourhood_id, **query), actor.language)


def _get_grant_again(actor: Actor, neighbourhood_id: UUID, id: UUID) -> Created:
    made = service.get_transfer(actor=actor, transfer_id=id)
    return Created(wording.line(made, actor.language), f"/v1/neighbourhoods/{neighbourhood_id}/pot")


@bp.post(
    "/neighbourhoods/<uuid:neighbourhood_id>/pot/grants",
    auth=MEMBER,
    body=schemas.GrantSchema,
    returns=schemas.EntrySchema,
    status=201,
    limits=(WRITE,),
    creates=Creates("transfer", _get_grant_again),
    docs=AGAIN,
)
def grant(actor: Actor, neighbourhood_id: UUID, body: dict[str, Any]) -> Created:
    """Grant minutes from the pot to someone who cannot give back; for moderators."""
    made, new = service.grant(actor=actor, neighbourhood_id=neighbourhood_id, **body)
    return Created(wording.line(made, actor.language), f"/v1/neighbourhoods/{neighbourhood_id}/pot", new)
