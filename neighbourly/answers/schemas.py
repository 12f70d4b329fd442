"""The shapes of answers, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.core.api.schema import Refused, Schema, Text, Time, Whole, YesNo
from neighbourly.listings.schemas import DISTANCE, ID, Line, ListingSummarySchema

CHOICES = ("yes", "later", "no")
FROM = {"description": "From when it could be had or done.", "example": "2026-11-28T08:00:00Z"}
UNTIL = {"description": "Until when.", "example": "2026-11-29T18:00:00Z"}
OFFER = {**ID, "description": "One's own offer that would meet the need."}
MEANT = {
    **ID,
    "description": "One's own offer that would meet the need. Left out: as one said before, else the offer for which"
    " one was asked. Null: something that one has not listed.",
}
CALLED = {
    "example": "Perceuse sans fil",
    "description": "What one calls a thing that one has not listed; without it, it is called as the need calls it.",
}
THING = {
    "example": "Perceuse à percussion",
    "description": "What it comes with, of a need for a thing: the offer by its title while that is shown, else what"
    " the answerer or the need calls it.",
}
MINUTES = {
    "description": "Of a help: how many minutes its giver says that it takes, and asks for it; with just these it is"
    " agreed in one tap.",
    "example": 90,
}
READ = {
    "description": "What the help would cost, as both read it: as its giver wrote, else the hours that they gave, else"
    " those of the need, up to a working day.",
    "example": 90,
}


class AnswerCreateSchema(Schema):
    """One tap; what is left out is empty, also where it replaces an answer, but for the thing that is meant."""

    among_fields = {"not": {"required": ["title", "listing_id"], "properties": {"listing_id": {"type": "string"}}}}

    answer = fields.String(required=True, validate=validate.OneOf(CHOICES), metadata={"example": "yes"})
    offer_id = fields.UUID(data_key="listing_id", allow_none=True, metadata=MEANT)
    title = Line(2, 80, load_default="", metadata=CALLED)
    message = Text(0, 1000, load_default="", metadata={"example": "Passez samedi matin, elle est au garage."})
    keep_asking = YesNo(
        load_default=False,
        metadata={
            "default": False,
            "description": "With a no: that it is for this need alone. Else needs of its category are not put to one"
            " for a month.",
        },
    )
    available_from = Time(load_default=None, allow_none=True, metadata=FROM)
    available_until = Time(load_default=None, allow_none=True, metadata=UNTIL)
    minutes = Whole(load_default=None, allow_none=True, validate=validate.Range(15, 1440), metadata=MINUTES)

    @validates_schema
    def _one_thing(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["title"] and data.get("offer_id") is not None:
            raise Refused(
                "listed_already",
                fr="Une de vos offres porte déjà son titre.",
                en="An offer of yours bears its own title.",
                field_name="title",
            )

    @validates_schema
    def _a_span(self, data: dict[str, Any], **_kwargs: Any) -> None:
        begins, ends = data["available_from"], data["available_until"]
        if begins is not None and ends is not None and ends <= begins:
            raise Refused(
                "ends_before_it_begins",
                fr="La fin doit venir après le début.",
                en="The end must come after the beginning.",
                field_name="available_until",
            )


class _SaidSchema(Schema):
    """What an answer says, to whoever may read it."""

    id = fields.UUID(required=True, attribute="answer.id", metadata=ID)
    answer = fields.String(required=True, attribute="answer.answer", metadata={"example": "yes"})
    listing = fields.Nested(ListingSummarySchema, required=True, allow_none=True)
    thing = fields.String(required=True, allow_none=True, metadata=THING)
    message = fields.String(required=True, attribute="answer.message")
    available_from = Time(required=True, allow_none=True, attribute="answer.available_from", metadata=FROM)
    available_until = Time(required=True, allow_none=True, attribute="answer.available_until", metadata=UNTIL)
    minutes = fields.Integer(required=True, allow_none=True, metadata=READ)
    created_at = Time(required=True, attribute="answer.created_at")
    updated_at = Time(required=True, attribute="answer.updated_at")


class OwnAnswerSchema(_SaidSchema):
    """One's own answer to a request."""

    request_id = fields.UUID(required=True, attribute="answer.listing_id", metadata=ID)
    listing_id = fields.UUID(required=True, allow_none=True, attribute="answer.offer_id", metadata=OFFER)
    keep_asking = fields.Boolean(required=True, attribute="answer.keep_asking")


class AnswerSchema(_SaidSchema):
    """A yes or a later, as the asker sees it."""

    version = fields.String(
        required=True,
        metadata={
            "description": "Of all that stands here: who chooses the answer says it as `answer_version`, and agrees to"
            " nothing else.",
            "example": "9f1c2ab84d0e5f6a7b8c9d0e",
        },
    )
    neighbour = fields.Nested(PersonSchema, required=True)
    distance_m = fields.Integer(
        required=True, allow_none=True, metadata={**DISTANCE, "description": "While the request is shown, then null."}
    )
