"""The shapes of the timebank, in and out. There is no rate: an hour is an hour (LED-05)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.core.api.pagination import PageQuerySchema, page_of
from neighbourly.core.api.schema import ClientId, Refused, Schema, Text, Time, Whole, YesNo
from neighbourly.listings.schemas import ID

MINUTES = {"description": "Whole minutes, at one rate for everyone.", "example": 60}
MOST_MINUTES = 10_080


class NudgeSchema(Schema):
    """A friendly word."""

    code = fields.String(required=True, metadata={"example": "receive"})
    text = fields.String(required=True)


class BalanceSchema(Schema):
    """One's own account; in gift mode the minutes are null."""

    mode = fields.String(required=True, metadata={"description": "hours or gift.", "example": "hours"})
    balance_minutes = fields.Integer(required=True, allow_none=True)
    floor_minutes = fields.Integer(required=True, allow_none=True)
    pending_minutes = fields.Integer(required=True, allow_none=True)
    given = fields.Integer(required=True, metadata={"description": "How often one helped."})
    received = fields.Integer(required=True, metadata={"description": "How often one was helped."})
    nudge = fields.Nested(NudgeSchema, required=True, allow_none=True)


class OtherSchema(Schema):
    """Who was on the other side: a neighbour, or a neighbourhood's pot."""

    id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    pot = fields.Boolean(required=True)


class EntrySchema(Schema):
    """A line of an account."""

    transfer_id = fields.UUID(required=True, metadata=ID)
    kind = fields.String(required=True, metadata={"description": "help, gift, share, cover, grant or reversal."})
    minutes = fields.Integer(required=True, metadata={"description": "More or less in this account.", "example": -60})
    other = fields.Nested(OtherSchema, required=True)
    memo = fields.String(required=True)
    exchange_id = fields.UUID(required=True, allow_none=True)
    reversed = fields.Boolean(required=True)
    created_at = Time(required=True)


class TransferCreateSchema(Schema):
    """Minutes for a neighbour, or for the pot of one's own neighbourhood."""

    among_fields = {"oneOf": [{"required": ["to_user_id"]}, {"required": ["to_pot"]}]}

    id = ClientId(metadata={"description": "Made by the client: the same again is not done twice."})
    to_user_id = fields.UUID(metadata=ID)
    to_pot = YesNo(validate=validate.Equal(True), metadata={"enum": [True]})
    minutes = Whole(required=True, validate=validate.Range(1, MOST_MINUTES), metadata=MINUTES)
    memo = Text(0, 200, load_default="", metadata={"example": "Pour le thé !"})

    @validates_schema
    def _one_payee(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if ("to_user_id" in data) == ("to_pot" in data):
            raise Refused(
                "one_of_these",
                fr="Il faut to_user_id ou to_pot, l'un des deux.",
                en="Either to_user_id or to_pot is needed.",
            )


class GrantSchema(Schema):
    """Minutes from the pot."""

    id = ClientId(metadata={"description": "Made by the client: the same again is not done twice."})
    to_user_id = fields.UUID(required=True, metadata=ID)
    minutes = Whole(required=True, validate=validate.Range(1, MOST_MINUTES), metadata=MINUTES)
    memo = Text(0, 200, load_default="")


class StatementQuerySchema(Schema):
    """Which month, on one's own wall clock."""

    month = fields.String(
        required=True, validate=validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])$"), metadata={"example": "2026-11"}
    )


class StatementSchema(Schema):
    """A month of one's account."""

    month = fields.String(required=True, metadata={"example": "2026-11"})
    opening_minutes = fields.Integer(required=True)
    closing_minutes = fields.Integer(required=True)
    in_minutes = fields.Integer(required=True)
    out_minutes = fields.Integer(required=True)
    by_kind = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class PotMonthSchema(Schema):
    """A month of a pot, in sums alone."""

    month = fields.String(required=True, metadata={"example": "2026-11", "description": "In UTC."})
    in_minutes = fields.Integer(required=True)
    out_minutes = fields.Integer(required=True)
    by_kind = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class PotSchema(Schema):
    """What a neighbourhood holds in common: sums for its neighbours, lines for those they concern."""

    neighbourhood_id = fields.UUID(required=True, metadata=ID)
    balance_minutes = fields.Integer(required=True)
    pending_minutes = fields.Integer(required=True, metadata={"description": "Promised to cover accepted helps."})
    months = fields.List(
        fields.Nested(PotMonthSchema), required=True, metadata={"description": "Up to a year back, newest first."}
    )
    entries = fields.Nested(
        page_of(EntrySchema),
        required=True,
        metadata={"description": "Those of which one is the other side; for who governs, all."},
    )


class PotQuerySchema(PageQuerySchema):
    """How many of the pot's entries, and from where."""
