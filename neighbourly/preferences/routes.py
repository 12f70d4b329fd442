"""HTTP for preferences."""

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


@bp.get("/me/searches", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.SavedSearchSchema))
def list_searches(actor: Actor, query: dict[str, Any]) -> Page:
    """What one wants to be told of when it is offered, newest first."""
    return selectors.list_searches(actor.id, **query)


def _get_again(actor: Actor, id: UUID) -> Created:
    return Created(selectors.get_search(id, actor.id), f"/v1/me/searches/{id}")


@bp.post(
    "/me/searches",
    auth=MEMBER,
    body=schemas.SavedSearchCreateSchema,
    returns=schemas.SavedSearchSchema,
    status=201,
    limits=(WRITE,),
    creates=Creates("search", _get_again),
    docs=Documented(
        example={"q": "un vélo cargo", "category": "bikes"},
        also={200: "The same search, sent again."},
        links={"delete_search": {"search_id": "$response.body#/id"}},
    ),
)
def save_search(actor: Actor, body: dict[str, Any]) -> Created:
    """Be told when something like this is offered nearby."""
    search, new = service.save_search(actor=actor, **body)
    return Created(search, f"/v1/me/searches/{search.id}", new, id=search.id)


@bp.delete("/me/searches/<uuid:search_id>", auth=MEMBER, status=204, limits=(WRITE,))
def delete_search(actor: Actor, search_id: UUID) -> None:
    """Look for it no longer."""
    service.delete_search(actor=actor, search_id=search_id)
