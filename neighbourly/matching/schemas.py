"""The shapes of matching, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from neighbourly.answers.schemas import OwnAnswerSchema
from neighbourly.core.api.languages import say
from neighbourly.core.api.pagination import page_of
from neighbourly.core.api.schema import Schema, Time
from neighbourly.listings.schemas import ID, CategoryId, ListingSchema, ListingSummarySchema


class InWords(fields.String):
    """A sentence in the caller's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else say(value)


class SuggestedActionSchema(Schema):
    """The call that does what is suggested; a path outside `/v1` is a page to open."""

    method = fields.String(required=True, metadata={"example": "PATCH"})
    path = fields.String(required=True, metadata={"example": "/v1/listings/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"})
    body = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        allow_none=True,
        metadata={"example": {"radius_m": 2000}},
    )


class SuggestionSchema(Schema):
    """Something that may help when everyone near was asked."""

    code = fields.String(required=True, metadata={"example": "widen"})
    text = InWords(required=True, metadata={"example": "Demandez plus loin, jusqu'à 2 km."})
    action = fields.Nested(SuggestedActionSchema, required=True)


class OwnOfferSchema(Schema):
    """An offer of one's own."""

    id = fields.UUID(required=True, metadata=ID)
    title = fields.String(required=True, metadata={"example": "Perceuse à percussion"})


class ChangeActionSchema(Schema):
    """The call that changes an answer."""

    method = fields.String(required=True, metadata={"example": "POST"})
    path = fields.String(required=True, metadata={"example": f"/v1/listings/{ID['example']}/answers"})
    body = fields.Dict(
        keys=fields.String(), required=True, metadata={"example": {"answer": "yes", "listing_id": ID["example"]}}
    )


class ChangeSchema(Schema):
    """What else a yes could come with."""

    code = fields.String(
        required=True, metadata={"description": "another_thing or not_this_one.", "example": "another_thing"}
    )
    text = InWords(required=True, metadata={"example": "Plutôt «\u00a0Perceuse sans fil\u00a0»"})
    action = fields.Nested(ChangeActionSchema, required=True)


class GivenAnswerSchema(OwnAnswerSchema):
    """One's own answer, and how it could come with another thing."""

    your_offers = fields.List(
        fields.Nested(OwnOfferSchema),
        required=True,
        metadata={"description": "One's own offers that would meet the need, best first; of a no none."},
    )
    changes = fields.List(
        fields.Nested(ChangeSchema),
        required=True,
        metadata={"description": "The taps by which it comes with another thing, or with none that is listed."},
    )


class AskingSchema(Schema):
    """How the asking for a request stands."""

    state = fields.String(
        required=True, metadata={"description": "waiting, asking, enough, exhausted or stopped.", "example": "asking"}
    )
    asked = fields.Integer(
        required=True,
        metadata={
            "description": "At least so many neighbours were asked: 0, 1, 5, 11, 25, 50, 100, 250 or 500. Always 0"
            " where the radius is smaller than the circle that holds fifty neighbours.",
            "example": 5,
        },
    )
    yes = fields.Integer(required=True, metadata={"example": 1})
    next_wave_at = Time(required=True, allow_none=True)
    expect_by = Time(required=True, allow_none=True, metadata={"description": "When an answer may be expected."})
    suggestions = fields.List(
        fields.Nested(SuggestionSchema),
        required=True,
        metadata={"description": "What may help once all were asked; or why it waits, and until when."},
    )


class WholeListingSchema(ListingSchema):
    """A listing with all that the caller may know of it."""

    asking = fields.Nested(
        AskingSchema, required=True, allow_none=True, metadata={"description": "For the owner of a request."}
    )


class FactorSchema(Schema):
    """One part of a score."""

    name = fields.String(required=True, metadata={"example": "distance"})
    value = fields.Float(required=True, metadata={"description": "0 to 1.", "example": 0.7})
    weight = fields.Float(required=True, metadata={"example": 0.3})
    contribution = fields.Float(required=True, metadata={"description": "`value` times `weight`.", "example": 0.21})
    why = InWords(required=True, metadata={"example": "à environ 300 m"})


class MatchSchema(Schema):
    """A listing that goes with one's own, and why."""

    listing = fields.Nested(ListingSummarySchema, required=True)
    score = fields.Float(required=True, metadata={"description": "0 to 1, the sum of the contributions."})
    factors = fields.List(fields.Nested(FactorSchema), required=True)


class MatchesSchema(Schema):
    """What goes with one's own listing, best first."""

    items = fields.List(fields.Nested(MatchSchema), required=True)
    by_interest = fields.Integer(
        required=True,
        metadata={
            "description": "About how many neighbours around take an interest, whatever the radius: the lower end of a"
            " band (0, 11, 25, 50, 100, 250, 500), the same for a day; 0 also where they are a few."
        },
    )
    meaning = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "ready, or pending until a job has read it; null where only letters are compared."},
    )


class AskedSchema(Schema):
    """A need that one was asked for, and why."""

    listing = fields.Nested(ListingSummarySchema, required=True)
    asked_at = Time(required=True)
    offer_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={**ID, "description": "One's own offer that led to it; else an interest did."},
    )
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "What one answered.", "example": "yes"}
    )
    rule = fields.String(required=True, metadata={"description": "The version of the rule.", "example": "2"})
    score = fields.Float(required=True)
    factors = fields.List(fields.Nested(FactorSchema), required=True)


class AskedLastSchema(Schema):
    """That one is asked after everyone else for a while; nobody else reads it."""

    until = Time(required=True)
    why = InWords(required=True)


class AskedPageSchema(page_of(AskedSchema)):  # type: ignore[misc]  # a class made by a function
    """What one was asked for, and how one stands oneself."""

    asked_last = fields.Nested(AskedLastSchema, required=True, allow_none=True)


class AskLessSchema(Schema):
    """Of what to be asked less."""

    less = CategoryId(
        "all", required=True, metadata={"description": "A category's id, or `all`.", "example": "power-drills"}
    )


class MeaningSchema(Schema):
    """A name and what it means."""

    name = fields.String(required=True, metadata={"example": "away"})
    meaning = fields.String(required=True)


class WeighedFactorSchema(MeaningSchema):
    """A factor with its weight in the score; the weights add up to 1."""

    weight = fields.Float(required=True, metadata={"example": 0.3})


class NumberSchema(MeaningSchema):
    """A number that decides something."""

    value = fields.Float(required=True, metadata={"example": 0.2})


class WavesSchema(Schema):
    """How the asking widens."""

    first = fields.Integer(required=True, metadata={"example": 5})
    least = fields.Integer(required=True, metadata={"example": 3})
    most = fields.Integer(required=True, metadata={"example": 10})
    growth = fields.Integer(required=True, metadata={"example": 2})
    pause_minutes = fields.Integer(required=True, metadata={"example": 10})
    least_pause_minutes = fields.Integer(required=True, metadata={"example": 5})
    most_pause_minutes = fields.Integer(required=True, metadata={"example": 30})
    urgent_minutes = fields.Integer(required=True, metadata={"example": 180})
    enough_likely = fields.Integer(required=True, metadata={"example": 3})
    least_yeses = fields.Integer(required=True, metadata={"example": 3})
    spare_yeses = fields.Integer(required=True, metadata={"example": 2})
    meaning = fields.String(required=True)


class RuleVersionSchema(Schema):
    """What became different with a version."""

    version = fields.String(required=True, metadata={"example": "2"})
    on = fields.String(required=True, metadata={"example": "2026-11-25"})
    changes = fields.String(required=True)


class MatchingRuleSchema(Schema):
    """The whole rule of who is asked, in which order, and why."""

    version = fields.String(required=True, metadata={"example": "2"})
    language = fields.String(required=True, metadata={"example": "fr"})
    candidates = fields.String(required=True)
    factors = fields.List(fields.Nested(WeighedFactorSchema), required=True)
    gates = fields.List(fields.Nested(MeaningSchema), required=True)
    numbers = fields.List(fields.Nested(NumberSchema), required=True)
    order = fields.String(required=True)
    waves = fields.Nested(WavesSchema, required=True)
    sharing = fields.String(required=True, metadata={"description": "What one person may ask of the others."})
    changes = fields.List(fields.Nested(RuleVersionSchema), required=True)
