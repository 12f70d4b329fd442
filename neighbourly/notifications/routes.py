"""HTTP for the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint
from neighbourly.core.api.languages import language
from neighbourly.core.api.limits import LISTS
from neighbourly.core.api.pagination import Page, page_of
from neighbourly.core.config import settings
from neighbourly.notifications import schemas, selectors, service

bp = Blueprint("notifications", __name__, url_prefix="/v1/notifications", description="What one was told.")


@bp.get(
    "",
    auth=MEMBER,
    query=schemas.NotificationQuerySchema,
    returns=page_of(schemas.NotificationSchema),
    limits=(LISTS,),
)
def list_notifications(actor: Actor, query: dict[str, Any]) -> Page:
    """One's inbox, newest first; every push has its row here."""
    return selectors.list_notifications(actor.id, language=language(), public_url=settings().public_url, **query)


@bp.put("/<uuid:notification_id>/read", auth=MEMBER, returns=schemas.NotificationSchema)
def read_notification(actor: Actor, notification_id: UUID) -> selectors.Told:
    """This one has been read."""
    service.read_notification(actor=actor, notification_id=notification_id)
    public_url = settings().public_url
    return selectors.get_notification(actor.id, notification_id, language=language(), public_url=public_url)


@bp.put("/read", auth=MEMBER, status=204, limits=(LISTS,))
def read_notifications(actor: Actor) -> None:
    """Everything up to now has been read."""
    service.read_notifications(actor=actor)
