"""The shape of a territory, named beside other things."""

from __future__ import annotations

from marshmallow import fields

from neighbourly.core.api.schema import Schema


class NeighbourhoodBriefSchema(Schema):
    """A neighbourhood by name."""

    id = fields.UUID(required=True)
    code = fields.String(required=True, metadata={"example": "3155502"})
    name = fields.String(required=True, metadata={"example": "Arnaud Bernard"})
