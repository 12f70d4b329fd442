"""The shapes of listings and categories, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from neighbourly.accounts.schemas import PersonSchema
from neighbourly.core.api.languages import LANGUAGES
from neighbourly.core.api.pagination import PageQuerySchema
from neighbourly.core.api.schema import Cell, ClientId, PublicText, Refused, Schema, Text, Time, Whole, YesNo, day_of
from neighbourly.core.api.warnings import Warnings
from neighbourly.listings import categories
from neighbourly.listings.agreement import WHATEVER_IS_SAID, WHEN_IT_IS_NEW
from neighbourly.listings.categories import KINDS
from neighbourly.listings.hours import MOST_CLOSED, MOST_WINDOWS, ClosedSchema, WindowSchema
from neighbourly.listings.models import DIRECTIONS, STATUSES

ID = {"example": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"}
CATEGORY = {"example": "power-drills", "description": "A category's id."}
CELL = {"example": "89396026937ffff", "description": "Where it is: an H3 cell, never anything finer."}
DISTANCE = {
    "example": 310,
    "description": "Between the centres of two cells; null where there is no home to look from.",
}
TERMS = ("lend", "give")
HOW = ("exchange", "elsewhere", "no_longer")
PRIVATE = frozenset({"guessed", "radius_m", "circle", "no_expiry", "expires_at", "fulfilled_how", "allowed_actions"})
"""Fields of the whole listing that only its owner sees; to others they are null."""
BY_THE_DAY = frozenset({"created_at", "updated_at"})
"""Times that only the owner sees to the second: to others they would tell when somebody was active, or moved."""
DAY = {"description": "By the day, to everybody but its owner."}
AWAY_UNTIL = {"description": "The day on which its owner is back; null while they are there. It cannot be had before."}


class Line(Text):
    """Text of one line: every run of white space becomes one space."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return " ".join(super()._deserialize(value, attr, data, **kwargs).split())


class Title(Line, PublicText):
    """A listing's title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(3, 80, metadata={"example": "Une perceuse"}, **kwargs)


class KnownCategory(validate.OneOf):
    """Refuses what is not in the tree of categories."""

    def __call__(self, value: str) -> str:
        """The category's id, or a `Refused`."""
        if value not in self.choices:
            raise Refused("unknown_category", fr="Cette catégorie n'existe pas.", en="There is no such category.")
        return value


class CategoryId(fields.String):
    """The id of a category of the tree."""

    def __init__(self, *more: str, **kwargs: Any) -> None:
        super().__init__(validate=KnownCategory([*more, *categories.CATEGORIES]), **kwargs)


def _kind(**kwargs: Any) -> fields.String:
    return fields.String(allow_none=True, validate=validate.OneOf(KINDS), **kwargs)


class ListingUpdateSchema(Schema):
    """What its owner may change of a listing; its state is moved by actions."""

    among_fields = {"allOf": WHATEVER_IS_SAID}

    title = Title()
    description = PublicText(0, 4000, metadata={"example": "Pour accrocher trois étagères samedi."})
    kind = _kind(metadata={"description": "Guessed from the title where absent.", "example": "item"})
    category = CategoryId(allow_none=True, metadata=CATEGORY)
    terms = fields.String(
        allow_none=True,
        validate=validate.OneOf(TERMS),
        metadata={"description": "Items only; offers are lent by default."},
    )
    language = fields.String(validate=validate.OneOf(LANGUAGES), metadata={"description": "The owner's by default."})
    radius_m = Whole(
        allow_none=True,
        validate=validate.Range(100, 50_000),
        metadata={"description": "How far around to ask; null lets distance and answers decide."},
    )
    circle = fields.String(
        allow_none=True,
        validate=validate.OneOf(["known"]),
        metadata={
            "description": "Requests only. `known`: people one has exchanged with are asked first, the others once"
            " they have all had their time; null: everyone alike."
        },
    )
    quantity = Whole(validate=validate.Range(1, 1000), metadata={"default": 1})
    helpers_needed = Whole(validate=validate.Range(1, 20), metadata={"default": 1, "description": "Requests only."})
    max_loan_days = Whole(allow_none=True, validate=validate.Range(1, 365), metadata={"description": "Items only."})
    requires_code = YesNo(metadata={"default": False})
    needed_from = Time(allow_none=True, metadata={"description": "Requests only."})
    needed_until = Time(
        allow_none=True,
        metadata={"description": "Requests only; they end then. By default 7 days on, at most a year ahead."},
    )
    no_expiry = YesNo(metadata={"default": False, "description": "Offers only; others last 90 days."})
    availability = fields.List(
        fields.Nested(WindowSchema),
        validate=validate.Length(max=MOST_WINDOWS),
        metadata={"description": "Offers only: when it can be had each week; none: at any time.", "default": []},
    )
    unavailable = fields.List(
        fields.Nested(ClosedSchema),
        validate=validate.Length(max=MOST_CLOSED),
        metadata={"description": "Offers only: days on which it cannot.", "default": []},
    )
    pause_minutes = Whole(
        validate=validate.Range(0, 20_160),
        metadata={"description": "Offered items only: how long it rests between two loans.", "default": 0},
    )


class ListingCreateSchema(ListingUpdateSchema):
    """An offer or a request; a title is enough to ask."""

    among_fields = {"allOf": WHEN_IT_IS_NEW}

    id = ClientId()
    title = Title(required=True)
    direction = fields.String(validate=validate.OneOf(DIRECTIONS), metadata={"default": "request"})
    status = fields.String(validate=validate.OneOf(["published", "draft"]), metadata={"default": "published"})


class FulfilSchema(Schema):
    """How a need was met."""

    how = fields.String(required=True, validate=validate.OneOf(HOW), metadata={"example": "elsewhere"})


class MyListingsQuerySchema(PageQuerySchema):
    """One's own listings, in one state or in all."""

    status = fields.String(validate=validate.OneOf(STATUSES))


class ListingAssociationSchema(Schema):
    """The association that offers or asks."""

    id = fields.UUID(required=True, metadata=ID)
    name = fields.String(required=True)


class ListingPhotoSchema(Schema):
    """A photo of a listing."""

    id = fields.UUID(required=True, metadata=ID)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    blurhash = fields.String(required=True)
    alt = fields.String(required=True)


class ListingSummarySchema(Schema):
    """A listing as lists show it; the shape of `summaries.ListingSummary`."""

    id = fields.UUID(required=True, metadata=ID)
    direction = fields.String(required=True, metadata={"example": "offer"})
    kind = fields.String(required=True, allow_none=True, metadata={"example": "item"})
    title = fields.String(required=True, metadata={"example": "Perceuse à percussion"})
    excerpt = fields.String(required=True, metadata={"example": "Avec ses forets à béton."})
    category = fields.String(required=True, allow_none=True, metadata=CATEGORY)
    status = fields.String(required=True, metadata={"example": "published"})
    thumbnail = fields.String(required=True, allow_none=True, metadata={"example": None})
    owner = fields.Nested(PersonSchema, required=True, allow_none=True)
    association = fields.Nested(ListingAssociationSchema, required=True, allow_none=True, metadata={"example": None})
    cell = Cell(required=True, metadata=CELL)
    distance_m = fields.Integer(required=True, allow_none=True, metadata=DISTANCE)
    available = fields.Boolean(required=True)
    away_until = Time(required=True, allow_none=True, metadata=AWAY_UNTIL)
    created_at = Time(required=True, metadata={"description": "By the day."})


class ListingSchema(Schema):
    """A listing, whole; dumps a `selectors.ListingView`. What is null to everyone but its owner says so."""

    id = fields.UUID(required=True, metadata=ID)
    direction = fields.String(required=True, metadata={"example": "request"})
    kind = fields.String(required=True, allow_none=True, metadata={"example": "item"})
    category = fields.String(required=True, allow_none=True, metadata=CATEGORY)
    guessed = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "Which of kind and category were guessed; its owner's alone.", "example": ["kind"]},
    )
    title = fields.String(required=True, metadata={"example": "Une perceuse"})
    description = fields.String(required=True)
    language = fields.String(required=True, metadata={"example": "fr"})
    status = fields.String(required=True, metadata={"example": "published"})
    terms = fields.String(required=True, allow_none=True, metadata={"example": "lend"})
    quantity = fields.Integer(required=True)
    helpers_needed = fields.Integer(required=True)
    max_loan_days = fields.Integer(required=True, allow_none=True)
    requires_code = fields.Boolean(required=True)
    availability = fields.List(fields.Nested(WindowSchema), required=True)
    unavailable = fields.List(fields.Nested(ClosedSchema), required=True)
    pause_minutes = fields.Integer(required=True)
    radius_m = fields.Integer(required=True, allow_none=True, metadata={"description": "Its owner's alone."})
    circle = fields.String(required=True, allow_none=True, metadata={"description": "Its owner's alone."})
    needed_from = Time(required=True, allow_none=True)
    needed_until = Time(required=True, allow_none=True)
    minutes = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Of a need for help with hours of its own: what they count, up to a working day."},
    )
    no_expiry = fields.Boolean(required=True, allow_none=True, metadata={"description": "Its owner's alone."})
    expires_at = Time(required=True, allow_none=True, metadata={"description": "Its owner's alone."})
    fulfilled_how = fields.String(required=True, allow_none=True, metadata={"description": "Its owner's alone."})
    allowed_actions = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "What may be done with it now; its owner's alone.", "example": ["edit", "close"]},
    )
    owner = fields.Nested(PersonSchema, required=True, allow_none=True)
    association = fields.Nested(ListingAssociationSchema, required=True, allow_none=True, metadata={"example": None})
    cell = Cell(required=True, metadata=CELL)
    distance_m = fields.Integer(required=True, allow_none=True, metadata=DISTANCE)
    available = fields.Boolean(required=True)
    away_until = Time(required=True, allow_none=True, metadata=AWAY_UNTIL)
    photos = fields.List(fields.Nested(ListingPhotoSchema), required=True, metadata={"example": []})
    warnings = Warnings()
    created_at = Time(required=True, metadata=DAY)
    updated_at = Time(required=True, metadata=DAY)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Take a field from the view or from its listing; what is private only for the owner (SEC-04, LOC-08)."""
        if attr in PRIVATE and not obj.own:
            return None
        if attr in BY_THE_DAY and not obj.own:
            return day_of(getattr(obj.listing, attr))
        return super().get_attribute(obj if hasattr(obj, attr) else obj.listing, attr, default)


class CategorySchema(Schema):
    """A category and those beneath it."""

    id = fields.String(required=True, metadata={"example": "power-drills"})
    name = fields.String(required=True, metadata={"example": "Perceuses et visseuses"})
    kind = fields.String(required=True, metadata={"example": "item"})
    children = fields.List(fields.Nested(lambda: CategorySchema()), required=True)


class CategoryTreeSchema(Schema):
    """The whole tree, all of it in one page."""

    items = fields.List(fields.Nested(CategorySchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"example": None})
