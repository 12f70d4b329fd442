"""The shapes of looking around, in and out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marshmallow import fields, post_load, validate

from neighbourly.bookings.availability import FARTHEST
from neighbourly.core import clock
from neighbourly.core.api.pagination import PageQuerySchema
from neighbourly.core.api.schema import Cell, QueryInteger, Refused, Schema, Text, Time
from neighbourly.listings.categories import KINDS
from neighbourly.listings.models import DIRECTIONS
from neighbourly.listings.schemas import CategoryId
from neighbourly.places.precision import RESOLUTIONS
from neighbourly.search.near import Wanted
from neighbourly.search.statements import SORTS
from neighbourly.territories.schemas import NeighbourhoodBriefSchema

BAND = {
    "example": "11–24",
    "description": "A band, counted once a week: 0–10, 11–24, 25–49, 50–99, 100–249, 250–499, 500+. Of neighbours those"
    " count who have lived there for a month.",
}
NEAR = {"example": "89396026937ffff"}
FROM, UNTIL = {"example": "2026-11-28T09:00:00Z"}, {"example": "2026-11-29T18:00:00Z"}
A_DAY, MOST = timedelta(days=1), timedelta(days=366)


class NearQuerySchema(PageQuerySchema):
    """What is looked for, and around which place."""

    near = Cell(metadata={**NEAR, "description": "An H3 cell of resolution 9 or coarser; home by default."})
    radius_m = QueryInteger(
        validate=validate.Range(100, 50_000),
        metadata={"description": "How far to look; one's own reach by default."},
    )
    kind = fields.String(validate=validate.OneOf(KINDS))
    direction = fields.String(validate=validate.OneOf(DIRECTIONS))
    category = CategoryId(metadata={"description": "A category's id; those beneath it count.", "example": "tools"})
    q = Text(
        0,
        200,
        metadata={
            "description": 'Words in French or English, accents or not; "in quotes" together, `or`, `-without`.',
            "example": "perceuse",
        },
    )
    available_from = Time(metadata={"description": "Only offers that can be had then; now by default.", **FROM})
    available_until = Time(metadata={"description": "And until then; a day later by default, at most a year.", **UNTIL})
    sort = fields.String(
        load_default="distance",
        validate=validate.OneOf(tuple(SORTS)),
        metadata={
            "description": "`relevance` ranks by the words of `q`; without `q` it is `distance`. Where words find"
            " little, what means the same comes after them."
        },
    )

    @post_load
    def gather(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """What is looked for, apart from where."""
        wanted = {name: data.pop(name) for name in ("kind", "direction", "category", "q", "sort") if name in data}
        begins, ends = data.pop("available_from", None), data.pop("available_until", None)
        return {**data, "wanted": Wanted(**wanted, during=_during(begins, ends))}


def _during(begins: datetime | None, ends: datetime | None) -> tuple[datetime, datetime] | None:
    if begins is None and ends is None:
        return None
    now = clock.now()
    begins = begins or now
    if begins > now + FARTHEST:
        raise Refused(
            "too_far_ahead",
            fr="C'est dans plus de deux ans.",
            en="This is over two years ahead.",
            field_name="available_from",
        )
    ends = ends or begins + A_DAY
    if not begins < ends <= begins + MOST:
        raise Refused(
            "bad_span",
            fr="La fin doit venir après le début, dans l'année.",
            en="The end must come after the beginning, within a year.",
            field_name="available_until",
        )
    return begins, ends


class AroundQuerySchema(PageQuerySchema):
    """Around which place."""

    near = Cell(required=True, metadata={**NEAR, "description": "An H3 cell of resolution 9 or coarser."})


class LifeSchema(Schema):
    """How much goes on in a neighbourhood."""

    neighbours = fields.String(required=True, metadata=BAND)
    offers = fields.String(required=True, metadata=BAND)
    requests = fields.String(required=True, metadata=BAND)
    associations = fields.String(required=True, metadata=BAND)


class NeighbourhoodSummarySchema(NeighbourhoodBriefSchema):
    """A neighbourhood and how much goes on in it."""

    finest_precision = fields.String(
        required=True,
        validate=validate.OneOf(tuple(RESOLUTIONS)),
        metadata={"description": "How finely a home here may be kept, by the density of households."},
    )
    life = fields.Nested(LifeSchema, required=True)


class NeighbourhoodSchema(NeighbourhoodSummarySchema):
    """A neighbourhood, whole."""

    boundary = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "A GeoJSON geometry; null for the installation's own, which is everywhere else."},
    )
