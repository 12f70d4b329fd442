"""The shapes of thanks and concerns, in and out."""

from __future__ import annotations

from marshmallow import fields, validate

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.core.api.schema import PublicText, Schema, Text, Time, YesNo
from neighbourly.core.api.warnings import Warnings
from neighbourly.listings.schemas import ID

SHOWN = {"description": "Whether it stands on one's own page, where every neighbour reads it."}
WAITING = {"description": "Whether it waits for one's own word: show it, or not."}


class ThankSchema(Schema):
    """Words, and no stars."""

    text = PublicText(1, 1000, required=True, metadata={"example": "Merci Karim, les étagères tiennent !"})


class ThanksShownSchema(Schema):
    """Whether what the other side wrote stands on one's own page."""

    shown = YesNo(required=True, metadata=SHOWN)


class ConcernCreateSchema(Schema):
    """What moderators should know, and nobody else."""

    text = Text(1, 2000, required=True)
    about = fields.String(
        load_default="exchange",
        validate=validate.OneOf(["exchange", "thanks"]),
        metadata={"description": "With `thanks` the moderators read what the other side wrote as well."},
    )


class BothThanksSchema(Schema):
    """What the two said."""

    mine = fields.String(required=True, allow_none=True)
    mine_shown = fields.Boolean(required=True, metadata={"description": "Whether the other side shows it."})
    theirs = fields.String(required=True, allow_none=True)
    theirs_shown = fields.Boolean(required=True, metadata=SHOWN)
    waiting = fields.Boolean(required=True, metadata=WAITING)
    warnings = Warnings()


class ConcernSchema(Schema):
    """A concern as moderators read it."""

    exchange_id = fields.UUID(required=True, metadata=ID)
    author = fields.Nested(PersonSchema, required=True)
    text = fields.String(required=True)
    quoted = fields.String(
        required=True, allow_none=True, metadata={"description": "The thanks that it is about, as they stood."}
    )
    created_at = Time(required=True)


class SaidSchema(Schema):
    """Somebody's thanks."""

    text = fields.String(required=True)
    author = fields.Nested(PersonSchema, required=True)
    kind = fields.String(required=True, metadata={"description": "loan, gift or help.", "example": "loan"})
    month = fields.String(required=True, metadata={"example": "2026-11"})


class ReceivedThanksSchema(SaidSchema):
    """Thanks to oneself, shown or not."""

    exchange_id = fields.UUID(required=True, metadata=ID)
    shown = fields.Boolean(required=True, metadata=SHOWN)
    waiting = fields.Boolean(required=True, metadata=WAITING)
