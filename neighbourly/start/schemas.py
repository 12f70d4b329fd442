"""The shapes of the first screen and of what an app asks before anyone signs in."""

from __future__ import annotations

from marshmallow import fields

from neighbourly.accounts.schemas import MeSchema
from neighbourly.core.api.schema import Schema
from neighbourly.exchanges.schemas import ExchangeSchema
from neighbourly.listings.schemas import ListingSummarySchema
from neighbourly.matching.schemas import AskedSchema
from neighbourly.territories.schemas import NeighbourhoodBriefSchema


class CeilingsSchema(Schema):
    """How long and how many, so that an app can say so while someone types."""

    page_items = fields.Integer(required=True, metadata={"example": 100})
    body_bytes = fields.Integer(required=True, metadata={"example": 1_048_576})
    display_name_characters = fields.Integer(required=True, metadata={"example": 60})
    bio_characters = fields.Integer(required=True, metadata={"example": 1000})
    title_characters = fields.Integer(required=True, metadata={"example": 80})
    description_characters = fields.Integer(required=True, metadata={"example": 4000})


class ConfigSchema(Schema):
    """What an app has to know of this installation."""

    version = fields.String(required=True, metadata={"example": "0.1.0"})
    features = fields.List(
        fields.String(), required=True, metadata={"description": "What exists here.", "example": ["listings"]}
    )
    min_app_version = fields.String(
        required=True, allow_none=True, metadata={"description": "Older apps are to be updated.", "example": None}
    )
    languages = fields.List(fields.String(), required=True, metadata={"example": ["fr", "en"]})
    limits = fields.Nested(CeilingsSchema, required=True)
    terms_version = fields.String(required=True, metadata={"example": "2026-11"})
    operator = fields.String(required=True, metadata={"example": "Les voisins de Toulouse"})
    contact = fields.String(required=True, metadata={"example": "bonjour@example.org"})
    emergency = fields.String(required=True, metadata={"example": "112"})
    vapid_public_key = fields.String(
        required=True, allow_none=True, metadata={"description": "For pushes to browsers; null: none.", "example": None}
    )


class NearSchema(Schema):
    """What neighbours ask for and offer around one's home, nearest first."""

    requests = fields.List(fields.Nested(ListingSummarySchema), required=True)
    offers = fields.List(fields.Nested(ListingSummarySchema), required=True)


class StartSchema(Schema):
    """The home screen."""

    me = fields.Nested(MeSchema, required=True)
    next_steps = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "set_password, accept_terms, set_display_name, set_home, choose_interests.",
            "example": ["set_home"],
        },
    )
    neighbourhood = fields.Nested(NeighbourhoodBriefSchema, required=True, allow_none=True)
    unread = fields.Integer(required=True, metadata={"description": "Notifications not read yet.", "example": 2})
    to_do = fields.List(
        fields.Nested(ExchangeSchema),
        required=True,
        metadata={"description": "Exchanges that wait for oneself, the most urgent first; five at most."},
    )
    asked = fields.List(
        fields.Nested(AskedSchema), required=True, metadata={"description": "Open asks, the newest; three at most."}
    )
    mine = fields.List(
        fields.Nested(ListingSummarySchema),
        required=True,
        metadata={"description": "One's own listings that go on, the newest; five at most."},
    )
    near = fields.Nested(NearSchema, required=True, metadata={"description": "At most 5 requests and 10 offers."})
