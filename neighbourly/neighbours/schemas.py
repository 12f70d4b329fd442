"""The shape of the public face of a person."""

from __future__ import annotations

from marshmallow import fields

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.listings.schemas import DISTANCE, ListingAssociationSchema
from neighbourly.territories.schemas import NeighbourhoodBriefSchema
from neighbourly.thanks.schemas import SaidSchema


class NeighbourSchema(PersonSchema):
    """A neighbour as others see them; never a star, an average or a count of failures."""

    bio = fields.String(required=True)
    neighbourhood = fields.Nested(NeighbourhoodBriefSchema, required=True, allow_none=True)
    distance_m = fields.Integer(required=True, allow_none=True, metadata=DISTANCE)
    member_since = fields.String(required=True, metadata={"description": "The month.", "example": "2026-11"})
    active = fields.String(required=True, metadata={"description": "new, sometimes or often.", "example": "often"})
    paused = fields.Boolean(required=True, metadata={"description": "Whether they are away; never until when."})
    thanks = fields.List(fields.Nested(SaidSchema), required=True, metadata={"description": "The newest ten."})
    vouched_by = fields.List(fields.Nested(ListingAssociationSchema), required=True)
