"""The shapes of conversations and messages, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.conversations.wording import QUICK
from neighbourly.core.api.pagination import PageQuerySchema
from neighbourly.core.api.schema import ClientId, Refused, Schema, Text, Time
from neighbourly.listings.schemas import ID


def exactly_one(data: dict[str, Any], *names: str) -> None:
    """Refuse what names none of these fields, or several."""
    if sum(data.get(name) is not None for name in names) != 1:
        either = ", ".join(names)
        raise Refused(
            "one_of_these",
            fr=f"Il faut un de ces champs, et un seul\u00a0: {either}.",
            en=f"One of these fields is needed, and only one: {either}.",
        )


class ConversationCreateSchema(Schema):
    """A question about a listing, or to who said yes."""

    among_fields = {"oneOf": [{"required": ["listing_id"]}, {"required": ["answer_id"]}]}

    id = ClientId()
    listing_id = fields.UUID(metadata=ID)
    answer_id = fields.UUID(metadata=ID)
    body = Text(1, 4000, required=True, metadata={"example": "Est-elle encore disponible samedi ?"})

    @validates_schema
    def _one_subject(self, data: dict[str, Any], **_kwargs: Any) -> None:
        exactly_one(data, "listing_id", "answer_id")


class MessageCreateSchema(Schema):
    """A message in one's own words, or a reply of one tap."""

    among_fields = {"oneOf": [{"required": ["body"]}, {"required": ["quick"]}]}

    id = ClientId()
    body = Text(1, 4000, metadata={"example": "Je passe à dix heures."})
    quick = fields.String(validate=validate.OneOf(sorted(QUICK)))

    @validates_schema
    def _one_message(self, data: dict[str, Any], **_kwargs: Any) -> None:
        exactly_one(data, "body", "quick")


class ReadSchema(Schema):
    """How far one has read."""

    up_to = fields.UUID(load_default=None, allow_none=True, metadata={**ID, "description": "A message; null: all."})


class MessagesQuerySchema(PageQuerySchema):
    """Newest first and back by the cursor, or forward from a message."""

    after = fields.UUID(load_default=None, metadata={"description": "The message after which to go on."})


class ConversationListingSchema(Schema):
    """What a conversation is about, as it was when it began, or when its exchange was countered last."""

    id = fields.UUID(required=True, metadata=ID)
    title = fields.String(required=True)
    kind = fields.String(required=True, allow_none=True)


class ConversationSchema(Schema):
    """A thread of two people."""

    id = fields.UUID(required=True, metadata=ID)
    exchange_id = fields.UUID(required=True, allow_none=True, metadata=ID)
    listing = fields.Nested(ConversationListingSchema, required=True)
    other = fields.Nested(PersonSchema, required=True)
    last_message = fields.String(required=True, metadata={"description": "Its first words."})
    last_message_at = Time(required=True)
    unread = fields.Integer(required=True, metadata={"example": 2})
    read_by_other_at = Time(
        required=True, allow_none=True, metadata={"description": "Up to when the other has read, if they show it."}
    )
    closes_at = Time(required=True, allow_none=True)
    closed = fields.Boolean(required=True, metadata={"description": "Whether nobody writes any more."})


class MessageSchema(Schema):
    """A message; a step says what happened to the exchange."""

    id = fields.UUID(required=True, metadata=ID)
    kind = fields.String(required=True, metadata={"description": "text, quick or step.", "example": "text"})
    code = fields.String(required=True, allow_none=True, metadata={"example": None})
    body = fields.String(required=True, metadata={"description": "In the reader's language where it has a code."})
    author = fields.Nested(PersonSchema, required=True, allow_none=True)
    mine = fields.Boolean(required=True)
    created_at = Time(required=True)
