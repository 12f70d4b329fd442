"""The shapes of exchanges, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.conversations.schemas import exactly_one
from neighbourly.core.api.pagination import PageQuerySchema
from neighbourly.core.api.schema import ClientId, PointSchema, Refused, Schema, SixDigits, Text, Time, Whole, YesNo
from neighbourly.exchanges.lifecycle import SETTLEMENTS, Action
from neighbourly.exchanges.models import STATES
from neighbourly.listings.schemas import ID, ListingSummarySchema

SOON = {"example": "2026-11-28T09:00:00Z"}
LATER = {"example": "2026-11-29T18:00:00Z"}
MINUTES = {"description": "Of a help, in whole minutes.", "example": 60}
MOST_MINUTES = 1440
SAID = "In the words of who disputes; null where one blocked the other by then: moderators read it."
CODE = {"description": "The six digits that the other side shows.", "example": "042917"}


class ExchangeCreateSchema(Schema):
    """A proposal on a listing, or a chosen answer to one's own request."""

    among_fields = {
        "oneOf": [
            {"required": ["listing_id"], "properties": {"answer_version": {"not": {}}}},
            {"required": ["answer_id"], "properties": {"offer_id": {"not": {}}}},
        ]
    }

    id = ClientId()
    listing_id = fields.UUID(metadata=ID)
    answer_id = fields.UUID(metadata=ID)
    offer_id = fields.UUID(metadata={**ID, "description": "One's own offer that would meet a request."})
    starts_at = Time(metadata={**SOON, "description": "By default when the need begins, or now."})
    ends_at = Time(metadata={**LATER, "description": "By default when the need ends; a gift has none."})
    answer_version = fields.String(
        validate=validate.Length(1, 64),
        metadata={
            "description": "With `answer_id`: the `version` of the answer that one read; 412 with the `current` one if"
            " it is another.",
            "example": "9f1c2ab84d0e5f6a7b8c9d0e",
        },
    )
    minutes = Whole(
        validate=validate.Range(15, MOST_MINUTES),
        metadata=MINUTES
        | {"description": "Of a help, in whole minutes; said by whoever proposes more than a working day (480)."},
    )
    as_gift = YesNo(load_default=False, metadata={"description": "Of a help: without moving minutes."})
    message = Text(0, 1000, load_default="", metadata={"example": "Je passe samedi matin ?"})

    @validates_schema
    def _one_subject(self, data: dict[str, Any], **_kwargs: Any) -> None:
        exactly_one(data, "listing_id", "answer_id")
        self._require_fitting(data)
        begins, ends = data.get("starts_at"), data.get("ends_at")
        if begins is not None and ends is not None and ends <= begins:
            raise Refused(
                "ends_before_it_begins",
                fr="La fin doit venir après le début.",
                en="The end must come after the beginning.",
                field_name="ends_at",
            )

    @staticmethod
    def _require_fitting(data: dict[str, Any]) -> None:
        """An answer comes with its thing, and a listing has no version to have been read."""
        if data.get("answer_id") is not None and data.get("offer_id") is not None:
            raise Refused(
                "with_an_answer",
                fr="La réponse choisie dit déjà avec quoi.",
                en="The chosen answer says with what.",
                field_name="offer_id",
            )
        if data.get("listing_id") is not None and data.get("answer_version") is not None:
            raise Refused(
                "answers_only",
                fr="Seule une réponse a cette version.",
                en="Only an answer has this version.",
                field_name="answer_version",
            )


class ExchangesQuerySchema(PageQuerySchema):
    """On which side, and in which state."""

    role = fields.String(load_default=None, validate=validate.OneOf(["giver", "receiver"]))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class TapSchema(Schema):
    """Nothing but the tap."""


class AcceptSchema(Schema):
    """A yes to what is proposed."""

    minutes = Whole(
        load_default=None,
        validate=validate.Range(1, MOST_MINUTES),
        metadata=MINUTES | {"description": "Of a help: those proposed; to be said where `say_minutes` is true."},
    )


class CancelSchema(Schema):
    """A tap; and that the other side did not come, where that was why."""

    did_not_come = YesNo(
        load_default=False,
        metadata={"description": "Whether the other side did not come: an hour after the start at the earliest."},
    )


class CounterSchema(Schema):
    """Other times, and what a help costs then."""

    starts_at = Time(required=True, metadata=SOON)
    ends_at = Time(load_default=None, allow_none=True, metadata=LATER)
    minutes = Whole(
        load_default=None,
        validate=validate.Range(15, MOST_MINUTES),
        metadata=MINUTES | {"description": "Of a help: by default what the new hours count, up to a working day."},
    )


class HandOverSchema(Schema):
    """With the other side's code where there is one, and a word on its condition."""

    code = SixDigits(load_default=None, metadata=CODE)
    condition = Text(0, 500, load_default=None, metadata={"example": "En bon état, deux forets."})


class ThingHandedOverSchema(HandOverSchema):
    """Of a loan whose agreed end has passed, with its new one: without it, it is lent for as long as was agreed."""

    ends_at = Time(load_default=None, metadata=LATER)


class DoneSchema(Schema):
    """How long it took; as agreed, where it is left out."""

    minutes = Whole(load_default=None, validate=validate.Range(1, MOST_MINUTES), metadata=MINUTES)


class ConfirmSchema(Schema):
    """How long it took: as was said where it is left out, and never more."""

    minutes = Whole(load_default=None, validate=validate.Range(1, MOST_MINUTES), metadata=MINUTES)


class DisputeSchema(Schema):
    """What was otherwise."""

    reason = Text(3, 1000, required=True, metadata={"example": "Il manque le chargeur."})


class ExtendSchema(Schema):
    """Until when instead."""

    ends_at = Time(required=True, metadata=LATER)


class SettleSchema(Schema):
    """How a dispute ends."""

    outcome = fields.String(required=True, validate=validate.OneOf(sorted(SETTLEMENTS)))


class MeetingSetSchema(Schema):
    """Where the two meet."""

    text = Text(1, 300, required=True, metadata={"example": "Devant la boulangerie"})
    at = Time(load_default=None, allow_none=True, metadata=SOON)
    point = fields.Nested(PointSchema, load_default=None, allow_none=True)


class MeetingSchema(Schema):
    """Where the two meet, seen by them alone."""

    text = fields.String(required=True)
    at = Time(required=True, allow_none=True)
    point = fields.Method("_point", required=True, metadata={"type": ["object", "null"]})
    updated_at = Time(required=True)

    def _point(self, meeting: Any) -> dict[str, float] | None:
        return None if meeting.lat is None else {"lat": meeting.lat, "lon": meeting.lon}


class CodeShownSchema(Schema):
    """A code for the other side to enter."""

    step = fields.String(required=True, metadata={"description": "hand_over or return.", "example": "hand_over"})
    code = fields.String(required=True, metadata=CODE)
    qr_svg = fields.String(required=True)


class FeedSchema(Schema):
    """A private calendar address."""

    created_at = Time(required=True)
    url = fields.String(required=True, allow_none=True, metadata={"description": "Told once, when it is made."})


class ExchangeListingSchema(Schema):
    """What is taken up, as it was when it was proposed or countered last: no later edit of the listing is in it."""

    id = fields.UUID(required=True, metadata=ID)
    title = fields.String(required=True, metadata={"example": "Perceuse à percussion"})
    kind = fields.String(required=True, allow_none=True, metadata={"example": "item"})
    category = fields.String(required=True, allow_none=True, metadata={"example": "power-drills"})


class ExpectationSchema(Schema):
    """How soon an answer usually comes: of the person, if they agree to show it, else around here; never a score."""

    code = fields.String(required=True, metadata={"example": "within_3_h"})
    about = fields.String(required=True, metadata={"description": "person or neighbourhood.", "example": "person"})
    text = fields.String(required=True, metadata={"example": "répond d'habitude sous 3 h"})


class WarningSchema(Schema):
    """What the timebank says to the receiver of an accepted help beyond their minutes: what the pot adds."""

    covered_minutes = fields.Integer(required=True, metadata={"description": "What the pot will add."})
    below_floor = fields.Boolean(
        required=True, metadata={"description": "Of helps agreed in earlier versions; else false."}
    )


class ExchangeSchema(Schema):
    """An exchange as one of its two sides sees it."""

    id = fields.UUID(required=True, attribute="exchange.id", metadata=ID)
    kind = fields.String(required=True, attribute="exchange.kind", metadata={"example": "loan"})
    state = fields.String(required=True, attribute="exchange.state", metadata={"example": "accepted"})
    role = fields.String(required=True, metadata={"description": "Which side one is oneself.", "example": "receiver"})
    awaiting = fields.String(required=True, allow_none=True, attribute="exchange.awaiting")
    allowed_actions = fields.List(
        fields.String(), required=True, metadata={"example": [str(Action.HAND_OVER), str(Action.CANCEL)]}
    )
    overdue = fields.Boolean(required=True)
    listing = fields.Nested(ExchangeListingSchema, required=True)
    request_id = fields.UUID(required=True, allow_none=True, attribute="exchange.request_id")
    giver = fields.Nested(PersonSchema, required=True)
    receiver = fields.Nested(PersonSchema, required=True)
    starts_at = Time(required=True, attribute="exchange.starts_at")
    ends_at = Time(required=True, allow_none=True, attribute="exchange.ends_at")
    minutes = fields.Integer(required=True, allow_none=True, attribute="exchange.minutes")
    agreed_minutes = fields.Integer(required=True, allow_none=True, attribute="exchange.agreed_minutes")
    as_gift = fields.Boolean(required=True, attribute="exchange.as_gift")
    say_minutes = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether `accept`, or `confirm`, must say `minutes`: they are more than a working day."
        },
    )
    differs = fields.List(
        fields.String(),
        required=True,
        attribute="exchange.differs",
        metadata={
            "description": "Of a chosen answer that its giver is asked about once more, why: over, chosen, later, need,"
            " thing, answer, time, minutes, as_gift.",
            "example": [],
        },
    )
    requires_code = fields.Boolean(required=True, attribute="exchange.requires_code")
    expires_at = Time(
        required=True,
        allow_none=True,
        metadata={"description": "Until when a proposal waits; while who is asked is away, a day after their return."},
    )
    object_until = Time(required=True, allow_none=True)
    confirm_by = Time(required=True, allow_none=True)
    extend_to = Time(required=True, allow_none=True, attribute="exchange.extend_to")
    settle_as = fields.String(required=True, allow_none=True, attribute="exchange.settle_as")
    dispute_reason = fields.String(required=True, allow_none=True, metadata={"description": SAID})
    end_reason = fields.Method("_end_reason", required=True, metadata={"type": ["string", "null"]})
    condition_before = fields.String(required=True, allow_none=True, attribute="exchange.condition_before")
    condition_after = fields.String(required=True, allow_none=True, attribute="exchange.condition_after")
    conversation_id = fields.UUID(required=True, attribute="exchange.conversation_id", metadata=ID)
    has_meeting = fields.Boolean(required=True)
    expect = fields.Nested(ExpectationSchema, required=True, allow_none=True)
    warning = fields.Nested(WarningSchema, required=True, allow_none=True)
    next_best = fields.List(
        fields.Nested(ListingSummarySchema),
        required=True,
        metadata={"description": "After an answer that did not come: other offers nearby, for the receiver."},
    )
    created_at = Time(required=True, attribute="exchange.created_at")
    updated_at = Time(required=True, attribute="exchange.updated_at")

    def _end_reason(self, view: Any) -> str | None:
        """Never that one blocked the other."""
        reason: str | None = view.exchange.end_reason
        return None if reason == "parted" else reason


class DisputeShownSchema(Schema):
    """A dispute as moderators read it."""

    id = fields.UUID(required=True, metadata=ID)
    kind = fields.String(required=True, metadata={"example": "loan"})
    title = fields.String(required=True, metadata={"example": "Perceuse à percussion"})
    giver = fields.Nested(PersonSchema, required=True)
    receiver = fields.Nested(PersonSchema, required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"example": "Il manque le chargeur."})
    disputed_from = fields.String(required=True, metadata={"example": "handed_over"})
    since = Time(required=True)
