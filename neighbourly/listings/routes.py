"""Listings over HTTP: writing them, moving them, one's own; and the tree of categories."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.creations import Creates
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.languages import language
from neighbourly.core.api.limits import CREATE, LISTS, WRITE
from neighbourly.core.api.pagination import Page, page_of
from neighbourly.listings import categories, schemas, selectors, service
from neighbourly.listings.selectors import ListingView

bp = Blueprint("listings", __name__, url_prefix="/v1", description="Offers and requests.")


@bp.get("/categories", auth=PUBLIC, returns=schemas.CategoryTreeSchema)
def list_categories() -> tuple[dict[str, Any], int, dict[str, str]]:
    """The tree of categories, named in the caller's language."""
    tree = {"items": categories.tree(language()), "next": None}
    return tree, 200, {"Content-Language": language(), "Vary": "Accept-Language"}


def _get_again(actor: Actor, id: UUID) -> Created:
    listing = selectors.get_listing(id, actor.id)
    return Created(selectors.view_listing(listing, actor.id), f"/v1/listings/{id}")


@bp.post(
    "/listings",
    auth=MEMBER,
    body=schemas.ListingCreateSchema,
    returns=schemas.ListingSchema,
    status=201,
    limits=(WRITE, CREATE),
    creates=Creates("listing", _get_again),
    docs=Documented(
        example={"title": "Une perceuse"},
        also={200: "The same listing, sent again."},
        links={name: {"listing_id": "$response.body#/id"} for name in ("get_listing", "list_matches", "list_answers")},
    ),
)
def create_listing(actor: Actor, body: dict[str, Any]) -> Created:
    """Ask for something, or offer it; a title is enough."""
    listing, new = service.create_listing(actor=actor, **body)
    return Created(selectors.view_listing(listing, actor.id), f"/v1/listings/{listing.id}", new)


@bp.get(
    "/me/listings",
    auth=MEMBER,
    query=schemas.MyListingsQuerySchema,
    returns=page_of(schemas.ListingSchema),
    limits=(LISTS,),
)
def list_my_listings(actor: Actor, query: dict[str, Any]) -> Page:
    """One's own listings in every state, newest first."""
    return selectors.list_my_listings(actor.id, **query)


@bp.patch(
    "/listings/<uuid:listing_id>",
    auth=MEMBER,
    body=schemas.ListingUpdateSchema,
    returns=schemas.ListingSchema,
    limits=(WRITE,),
    docs=Documented(example={"category": "power-drills"}),
)
def update_listing(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> ListingView:
    """Change what a listing says, or correct what was guessed."""
    return selectors.view_listing(service.update_listing(actor=actor, listing_id=listing_id, **body), actor.id)


@bp.delete("/listings/<uuid:listing_id>", auth=MEMBER, status=204, limits=(WRITE,))
def delete_listing(actor: Actor, listing_id: UUID) -> None:
    """Delete a listing for good: a draft is gone, anything else is closed and seen by nobody again."""
    service.delete_listing(actor=actor, listing_id=listing_id)


@bp.post("/listings/<uuid:listing_id>/publish", auth=MEMBER, returns=schemas.ListingSchema, limits=(WRITE,))
def publish_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Show a draft to the neighbours."""
    return selectors.view_listing(service.publish_listing(actor=actor, listing_id=listing_id), actor.id)


@bp.post("/listings/<uuid:listing_id>/pause", auth=MEMBER, returns=schemas.ListingSchema, limits=(WRITE,))
def pause_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Stop showing a listing for now."""
    return selectors.view_listing(service.pause_listing(actor=actor, listing_id=listing_id), actor.id)


@bp.post("/listings/<uuid:listing_id>/resume", auth=MEMBER, returns=schemas.ListingSchema, limits=(WRITE,))
def resume_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Show a paused listing again."""
    return selectors.view_listing(service.resume_listing(actor=actor, listing_id=listing_id), actor.id)


@bp.post("/listings/<uuid:listing_id>/close", auth=MEMBER, returns=schemas.ListingSchema, limits=(WRITE,))
def close_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Take a listing back; it stays in one's own list."""
    return selectors.view_listing(service.close_listing(actor=actor, listing_id=listing_id), actor.id)


@bp.post("/listings/<uuid:listing_id>/renew", auth=MEMBER, returns=schemas.ListingSchema, limits=(WRITE,))
def renew_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Let a listing last a whole term from now, expired or not."""
    return selectors.view_listing(service.renew_listing(actor=actor, listing_id=listing_id), actor.id)


@bp.post(
    "/listings/<uuid:listing_id>/fulfil",
    auth=MEMBER,
    body=schemas.FulfilSchema,
    returns=schemas.ListingSchema,
    limits=(WRITE,),
)
def fulfil_listing(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> ListingView:
    """Say that a need is met, or is no longer one."""
    return selectors.view_listing(service.fulfil_listing(actor=actor, listing_id=listing_id, **body), actor.id)
