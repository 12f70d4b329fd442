"""The shapes of thanks and concerns, in and out."""

from __future__ import annotations

from marshmallow import fields

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.core.api.schema import PublicText, Schema, Text, Time
from neighbourly.core.api.warnings import Warnings
from neighbourly.listings.schemas import ID


class ThankSchema(Schema):
    """Words, and no stars."""

    text = PublicText(1, 1000, required=True, metadata={"example": "Merci Karim, les étagères tiennent !"})


class ConcernCreateSchema(Schema):
    """What moderators should know, and nobody else."""

    text = Text(1, 2000, required=True)


class BothThanksSchema(Schema):
    """What the two said."""

    mine = fields.String(required=True, allow_none=True)
    theirs = fields.String(
        required=True, allow_none=True, metadata={"description": "Once both have written, or after 14 days."}
    )
    waiting = fields.Boolean(required=True, metadata={"description": "Whether the other wrote, and waits for oneself."})
    warnings = Warnings()


class ConcernSchema(Schema):
    """A concern as moderators read it."""

    exchange_id = fields.UUID(required=True, metadata=ID)
    author = fields.Nested(PersonSchema, required=True)
    text = fields.String(required=True)
    created_at = Time(required=True)


class SaidSchema(Schema):
    """Somebody's thanks."""

    text = fields.String(required=True)
    author = fields.Nested(PersonSchema, required=True)
    kind = fields.String(required=True, metadata={"description": "loan, gift or help.", "example": "loan"})
    month = fields.String(required=True, metadata={"example": "2026-11"})
