"""The shapes of calendars and waiting lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.core.api.schema import Refused, Schema, Time, Whole
from neighbourly.listings.schemas import ID

MOST = timedelta(days=366)
COPY = {"description": "Which copy; all of them where it is left out.", "example": 1}


class SlotSchema(Schema):
    """A stretch of time, its end not included."""

    starts_at = Time(required=True)
    ends_at = Time(required=True)


class CalendarQuerySchema(Schema):
    """From when until when; 90 days from now by default, a year at most."""

    from_ = Time(data_key="from", load_default=None, metadata={"example": "2026-11-28T00:00:00Z"})
    until = Time(load_default=None, metadata={"example": "2026-12-28T00:00:00Z"})


class CalendarSchema(Schema):
    """When something can be had. A loan begins and ends within `windows`, where there are any."""

    time_zone = fields.String(required=True, metadata={"description": "The owner's.", "example": "Europe/Paris"})
    copies = fields.Integer(required=True, metadata={"description": "That can be lent; 0 for skills and time."})
    max_loan_days = fields.Integer(required=True, allow_none=True)
    pause_minutes = fields.Integer(required=True, metadata={"description": "How long it rests between two loans."})
    windows = fields.List(fields.Nested(SlotSchema), required=True)
    busy = fields.List(fields.Nested(SlotSchema), required=True, metadata={"description": "Without saying who."})
    free = fields.List(
        fields.Nested(SlotSchema), required=True, metadata={"description": "Each can be booked, whole or in part."}
    )


class BrokenSchema(Schema):
    """Which copy it is about."""

    number = Whole(load_default=None, allow_none=True, validate=validate.Range(1, 1000), metadata=COPY)


class WaitSchema(Schema):
    """When it is wanted; without times, as soon as it is free."""

    starts_at = Time(load_default=None, allow_none=True)
    ends_at = Time(load_default=None, allow_none=True)

    @validates_schema
    def _a_span(self, data: dict[str, Any], **_kwargs: Any) -> None:
        begins, ends = data["starts_at"], data["ends_at"]
        if begins is not None and ends is not None and ends <= begins:
            raise Refused(
                "ends_before_it_begins",
                fr="La fin doit venir après le début.",
                en="The end must come after the beginning.",
                field_name="ends_at",
            )


class WaitingSchema(Schema):
    """A place in line."""

    listing_id = fields.UUID(required=True, metadata=ID)
    starts_at = Time(required=True, allow_none=True)
    ends_at = Time(required=True, allow_none=True)
    created_at = Time(required=True)
    asked_at = Time(required=True, allow_none=True, metadata={"description": "When one's turn came, for 24 hours."})


class MyWaitingSchema(WaitingSchema):
    """A place in line, with what one waits for."""

    title = fields.String(required=True, metadata={"example": "Tente quatre places"})
