"""The shapes of a territory, named beside other things, and of its rules."""

from __future__ import annotations

from marshmallow import fields, validate

from neighbourly.core.api.schema import Schema, Whole


class NeighbourhoodBriefSchema(Schema):
    """A neighbourhood by name."""

    id = fields.UUID(required=True)
    code = fields.String(required=True, metadata={"example": "3155502"})
    name = fields.String(required=True, metadata={"example": "Arnaud Bernard"})


class RulesSchema(Schema):
    """What a neighbourhood finds fair."""

    things_at_once = fields.Integer(
        required=True, metadata={"description": "Borrowed or promised, of one neighbour.", "example": 5}
    )
    open_proposals = fields.Integer(
        required=True, metadata={"description": "Waiting for an answer, of one neighbour.", "example": 10}
    )
    timebank_mode = fields.String(
        required=True, metadata={"description": "hours, or gift: no balances, only how often.", "example": "hours"}
    )
    floor_minutes = fields.Integer(
        required=True, metadata={"description": "How far below zero an account may go.", "example": -300}
    )


class RulesUpdateSchema(Schema):
    """What may be changed, each on its own."""

    things_at_once = Whole(validate=validate.Range(1, 100))
    open_proposals = Whole(validate=validate.Range(1, 100))
    timebank_mode = fields.String(validate=validate.OneOf(["hours", "gift"]))
    floor_minutes = Whole(validate=validate.Range(-6000, 0))
