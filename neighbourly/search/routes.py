"""Looking around over HTTP: listings near a place, and neighbourhoods."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.limits import SEARCH
from neighbourly.core.api.pagination import Page, page_of
from neighbourly.listings.schemas import ListingSummarySchema
from neighbourly.listings.summaries import dump_page
from neighbourly.search import schemas, selectors, service
from neighbourly.search.selectors import Neighbourhood

bp = Blueprint("search", __name__, url_prefix="/v1", description="Who and what is near.")


@bp.get(
    "/listings",
    auth=MEMBER,
    query=schemas.NearQuerySchema,
    returns=page_of(ListingSummarySchema),
    limits=(SEARCH,),
    fast=dump_page,
    docs=Documented(also={409: "Without a home to look from, nor a place."}),
)
def list_listings(actor: Actor, query: dict[str, Any]) -> Page:
    """What neighbours near a place offer or ask for."""
    return service.list_listings(actor=actor, **query)


@bp.get(
    "/neighbourhoods",
    auth=PUBLIC,
    query=schemas.AroundQuerySchema,
    returns=page_of(schemas.NeighbourhoodSummarySchema),
)
def list_neighbourhoods(query: dict[str, Any]) -> Page:
    """Neighbourhoods around a place, nearest first."""
    return selectors.list_neighbourhoods(**query)


@bp.get("/neighbourhoods/<uuid:neighbourhood_id>", auth=PUBLIC, returns=schemas.NeighbourhoodSchema)
def get_neighbourhood(neighbourhood_id: UUID) -> Neighbourhood:
    """One neighbourhood with its boundary."""
    return selectors.get_neighbourhood(neighbourhood_id)
