"""HTTP for bookings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings import schemas, selectors, service
from neighbourly.bookings.models import Waiting
from neighbourly.bookings.selectors import Calendar
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.json import dumps
from neighbourly.core.api.limits import CALENDAR, WRITE
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of
from neighbourly.listings.schemas import ListingSchema
from neighbourly.listings.selectors import ListingView, view_listing

bp = Blueprint("bookings", __name__, url_prefix="/v1", description="When things are free, and waiting for them.")
DEFAULT_DAYS = 90


@bp.get(
    "/listings/<uuid:listing_id>/calendar",
    auth=MEMBER,
    query=schemas.CalendarQuerySchema,
    returns=schemas.CalendarSchema,
    fast=dumps,
    limits=(CALENDAR,),
)
def get_calendar(actor: Actor, listing_id: UUID, query: dict[str, Any]) -> Calendar:
    """When a listing is free and when it is taken, without saying by whom."""
    return service.get_calendar(actor=actor, listing_id=listing_id, begins=query["from_"], ends=query["until"])


@bp.post(
    "/listings/<uuid:listing_id>/broken",
    auth=MEMBER,
    body=schemas.BrokenSchema,
    returns=ListingSchema,
    limits=(WRITE,),
)
def report_broken(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> ListingView:
    """Say that a copy, or all of them, cannot be lent for now; coming borrowers are told."""
    return view_listing(service.report_broken(actor=actor, listing_id=listing_id, **body), actor.id)


@bp.post(
    "/listings/<uuid:listing_id>/mended",
    auth=MEMBER,
    body=schemas.BrokenSchema,
    returns=ListingSchema,
    limits=(WRITE,),
)
def mend_copies(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> ListingView:
    """Say that it can be lent again; who was told of the break is told."""
    return view_listing(service.mend_copies(actor=actor, listing_id=listing_id, **body), actor.id)


@bp.put(
    "/listings/<uuid:listing_id>/waiting",
    auth=MEMBER,
    body=schemas.WaitSchema,
    returns=schemas.WaitingSchema,
    limits=(WRITE,),
)
def wait_for(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> Waiting:
    """Wait for a thing: the next in line is asked when a copy comes free."""
    return service.wait_for(actor=actor, listing_id=listing_id, **body)


@bp.delete("/listings/<uuid:listing_id>/waiting", auth=MEMBER, status=204)
def stop_waiting(actor: Actor, listing_id: UUID) -> None:
    """Leave the line."""
    service.stop_waiting(actor=actor, listing_id=listing_id)


@bp.get("/me/waiting", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.MyWaitingSchema))
def list_my_waiting(actor: Actor, query: dict[str, Any]) -> Page:
    """What one waits for, newest first."""
    return selectors.list_my_waiting(actor.id, **query)
