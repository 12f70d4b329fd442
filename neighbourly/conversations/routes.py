"""HTTP for conversations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.conversations import schemas, service
from neighbourly.conversations.selectors import ConversationView
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.creations import Creates
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.limits import MESSAGES
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of
from neighbourly.listings.schemas import ID

bp = Blueprint("conversations", __name__, url_prefix="/v1", description="Threads of two people.")
ONE = "/conversations/<uuid:conversation_id>"


def _get_thread_again(actor: Actor, id: UUID) -> Created:
    thread = service.get_conversation(actor=actor, conversation_id=id)
    return Created(thread, f"/v1/conversations/{id}")


@bp.post(
    "/conversations",
    auth=MEMBER,
    body=schemas.ConversationCreateSchema,
    returns=schemas.ConversationSchema,
    status=201,
    limits=(MESSAGES,),
    creates=Creates("message", _get_thread_again),
    docs=Documented(
        example={"listing_id": ID["example"], "body": "Est-elle encore disponible samedi ?"},
        also={200: "The thread was there; the message is added to it."},
    ),
)
def ask(actor: Actor, body: dict[str, Any]) -> Created:
    """Ask about a listing, or write to who said yes."""
    conversation, new = service.ask(actor=actor, **body)
    return Created(conversation, f"/v1/conversations/{conversation.id}", new, id=conversation.id)


@bp.get("/conversations", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.ConversationSchema))
def list_conversations(actor: Actor, query: dict[str, Any]) -> Page:
    """One's own threads, those first in which something was said last."""
    return service.list_conversations(actor=actor, **query)


@bp.get(ONE, auth=MEMBER, returns=schemas.ConversationSchema)
def get_conversation(actor: Actor, conversation_id: UUID) -> ConversationView:
    """One thread."""
    return service.get_conversation(actor=actor, conversation_id=conversation_id)


@bp.get(
    ONE + "/messages",
    auth=MEMBER,
    query=schemas.MessagesQuerySchema,
    returns=page_of(schemas.MessageSchema),
)
def list_messages(actor: Actor, conversation_id: UUID, query: dict[str, Any]) -> Page:
    """The messages, newest first; with `after`, those that follow it."""
    return service.list_messages(actor=actor, conversation_id=conversation_id, **query)


def _get_message_again(actor: Actor, conversation_id: UUID, id: UUID) -> Created:
    message = service.get_message(actor=actor, conversation_id=conversation_id, message_id=id)
    return Created(message, f"/v1/conversations/{conversation_id}/messages")


@bp.post(
    ONE + "/messages",
    auth=MEMBER,
    body=schemas.MessageCreateSchema,
    returns=schemas.MessageSchema,
    status=201,
    limits=(MESSAGES,),
    creates=Creates("message", _get_message_again),
    docs=Documented(example={"quick": "on_my_way"}, also={200: "The same message again."}),
)
def write_message(actor: Actor, conversation_id: UUID, body: dict[str, Any]) -> Created:
    """Write, or reply with one tap."""
    message, new = service.write_message(actor=actor, conversation_id=conversation_id, **body)
    return Created(message, f"/v1/conversations/{conversation_id}/messages", new)


@bp.put(ONE + "/read", auth=MEMBER, body=schemas.ReadSchema, returns=schemas.ConversationSchema)
def read_conversation(actor: Actor, conversation_id: UUID, body: dict[str, Any]) -> ConversationView:
    """Mark as read, up to a message or all."""
    return service.read_conversation(actor=actor, conversation_id=conversation_id, **body)
