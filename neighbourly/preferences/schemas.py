"""The shapes of preferences, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from neighbourly.core.api.schema import ClientId, Refused, Schema, Time, Whole, YesNo
from neighbourly.core.zones import known_zones
from neighbourly.listings.categories import CATEGORIES, KINDS
from neighbourly.listings.schemas import ID, CategoryId, Line
from neighbourly.preferences.types import NOTIFICATION_TYPES

RADIUS = {
    "description": "Metres; null lets it follow from how far 50 neighbours live: 1, 2, 5, 10 or 20 km.",
    "example": 2000,
}
Q = {"description": "What is looked for, in words.", "example": "un vélo cargo"}
KIND = {"description": "Null: of any kind; a category brings its own.", "example": "item"}
CATEGORY = {"description": "A category's id, for it and those beneath it; null: any.", "example": "bikes"}
OWN_RADIUS = {"description": "Metres around home; null: as far as one hears from anyway.", "example": 3000}
TYPES = {"description": "By type of notification; a type that is left out is on.", "example": {"request_nearby": True}}

NOTHING_YET = {"description": "Not offered yet: nothing is sent, and it cannot be changed."}
NO_MAIL = {**NOTHING_YET, "example": {}}


def known_zone(name: str) -> None:
    """Refuse what is not a zone of the IANA database."""
    if name not in known_zones():
        raise Refused("unknown_time_zone", fr="Ce fuseau horaire n'existe pas.", en="There is no such time zone.")


class TimeOfDay(fields.Time):
    """Hours and minutes of a wall clock, `21:00`."""

    def __init__(self, **kwargs: Any) -> None:
        shape = {"pattern": "^([01]?[0-9]|2[0-3]):[0-5]?[0-9]$", "example": "21:00"}
        super().__init__(format="%H:%M", metadata=shape, **kwargs)


class QuietHoursSchema(Schema):
    """When pushes wait, on the wall clock of the person's zone; over midnight where `to` is the smaller."""

    begins = TimeOfDay(data_key="from", required=True)
    ends = TimeOfDay(data_key="to", required=True)


class PreferencesSchema(Schema):
    """What a person wants to be asked."""

    radius_m = fields.Integer(required=True, allow_none=True, metadata=RADIUS)
    interests = fields.List(fields.String(), required=True, metadata={"example": ["power-drills", "lessons"]})
    quiet_hours = fields.Nested(QuietHoursSchema, required=True, allow_none=True)
    time_zone = fields.String(required=True, metadata={"example": "Europe/Paris"})
    urgent_may_wake = fields.Boolean(required=True)
    asks_per_week = fields.Integer(required=True, metadata={"example": 3})
    away_until = Time(
        required=True,
        allow_none=True,
        attribute="announced_until",
        metadata={"description": "Until when one is away; null for who is there."},
    )
    push = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True, metadata=TYPES)
    email = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True, metadata=NO_MAIL)
    digest = fields.String(required=True, metadata={"example": "never", **NOTHING_YET})
    show_answer_time = fields.Boolean(
        required=True, metadata={"description": "Whether others see how soon one usually answers."}
    )
    show_read_marks = fields.Boolean(required=True, metadata={"description": "Whether others see what one has read."})


ByTypeSchema = Schema.from_dict({name: YesNo() for name in NOTIFICATION_TYPES}, name="ByTypeSchema")
"""A yes or no for each type of notification that is to change."""


class PreferencesUpdateSchema(Schema):
    """What may be changed, each on its own."""

    not_yet = frozenset({"email", "digest"})

    radius_m = Whole(allow_none=True, validate=validate.Range(100, 50_000), metadata=RADIUS)
    interests = fields.List(
        CategoryId(),
        validate=validate.Length(max=100),
        metadata={"description": "All of them; the list replaces the one before.", "example": ["power-drills"]},
    )
    quiet_hours = fields.Nested(QuietHoursSchema, allow_none=True)
    time_zone = fields.String(validate=known_zone, metadata={"example": "Europe/Paris"})
    urgent_may_wake = YesNo()
    asks_per_week = Whole(
        validate=validate.Range(0, 20),
        metadata={"description": "0: never asked by push, the list alone.", "example": 3},
    )
    away_until = Time(
        allow_none=True,
        metadata={"description": "Until when one is away, at most a year ahead; null for who is back."},
    )
    push = fields.Nested(ByTypeSchema, metadata=TYPES)
    show_answer_time = YesNo()
    show_read_marks = YesNo()


def _slugs(kind: str) -> list[str]:
    return [slug for slug, category in CATEGORIES.items() if category.kind == kind]


CATEGORY_OF_ITS_KIND = [
    {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": {"category": {"enum": [*_slugs(kind), None]}}},
    }
    for kind in KINDS
]
"""What must agree in what is said of a search, as JSON Schema; the service sees to it."""


class SavedSearchCreateSchema(Schema):
    """Something to be told of when it is offered; words are enough."""

    among_fields = {"allOf": CATEGORY_OF_ITS_KIND}

    id = ClientId()
    q = Line(2, 120, required=True, metadata=Q)
    kind = fields.String(allow_none=True, validate=validate.OneOf(KINDS), metadata=KIND)
    category = CategoryId(allow_none=True, metadata=CATEGORY)
    radius_m = Whole(allow_none=True, validate=validate.Range(100, 50_000), metadata=OWN_RADIUS)


class SavedSearchSchema(Schema):
    """Something that one is told of when it is offered."""

    id = fields.UUID(required=True, metadata=ID)
    q = fields.String(required=True, metadata=Q)
    kind = fields.String(required=True, allow_none=True, metadata=KIND)
    category = fields.String(required=True, allow_none=True, metadata=CATEGORY)
    radius_m = fields.Integer(required=True, allow_none=True, metadata=OWN_RADIUS)
    created_at = Time(required=True)
