"""The shapes of the inbox."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from neighbourly.core.api.pagination import PageQuerySchema
from neighbourly.core.api.schema import Schema, Time


class Flag(fields.Boolean):
    """A yes or no in a query, where the bare name means yes: `?unread`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(truthy={"true", ""}, falsy={"false"}, **kwargs)


class NotificationQuerySchema(PageQuerySchema):
    """Which part of the inbox."""

    unread = Flag(
        load_default=False,
        metadata={
            "description": "Only what was not read yet; the bare name says so too.",
            "type": ["boolean", "string"],
            "enum": [True, False, ""],
        },
    )


class NotificationDataSchema(Schema):
    """What it is about."""

    listing_id = fields.UUID(required=True, allow_none=True)
    exchange_id = fields.UUID(required=True, allow_none=True)
    conversation_id = fields.UUID(required=True, allow_none=True)
    link = fields.String(
        required=True,
        allow_none=True,
        metadata={"example": "https://voisins.example/l/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"},
    )


class NotificationSchema(Schema):
    """One thing told to the caller, in the language of the request."""

    id = fields.UUID(required=True)
    type = fields.String(
        required=True, metadata={"example": "request_nearby", "description": "More may come: ignore unknown ones."}
    )
    title = fields.String(required=True, metadata={"example": "Léa demande\u00a0: Une perceuse"})
    body = fields.String(
        required=True, metadata={"example": "Léa, à environ 300\u00a0m de chez vous. Vous pourriez aider\u00a0?"}
    )
    data = fields.Nested(NotificationDataSchema, required=True)
    created_at = Time(required=True)
    read_at = Time(required=True, allow_none=True)
