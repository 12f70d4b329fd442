"""Homes, points and addresses, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.core.api.schema import Cell, Number, PointSchema, Refused, Schema, Text, Time
from neighbourly.places.precision import RESOLUTIONS
from neighbourly.territories.schemas import NeighbourhoodBriefSchema

A_CELL = {"description": "An H3 cell.", "example": "89396026937ffff"}
ADDRESS_LENGTH = (3, 200)
HOME_CELL = "^8[7-9][0-9a-fA-F]{13}$"


class HomePutSchema(Schema):
    """Where I live: a point, an address or a cell. Only a cell of it is kept."""

    among_fields = {
        "oneOf": [{"required": ["lat", "lon"]}, {"required": ["address"]}, {"required": ["cell"]}],
        "dependentRequired": {"lat": ["lon"], "lon": ["lat"]},
    }
    lat = Number(validate=validate.Range(-90, 90), metadata={"example": 43.6045})
    lon = Number(validate=validate.Range(-180, 180), metadata={"example": 1.444})
    address = Text(*ADDRESS_LENGTH, metadata={"example": "12 rue de la République, Toulouse"})
    cell = Cell(metadata={"pattern": HOME_CELL, "description": "Of resolution 7 to 9.", "example": "89396026937ffff"})
    precision = fields.String(
        validate=validate.OneOf(tuple(RESOLUTIONS)),
        metadata={"description": "The finest that the place allows, unless coarser is asked for."},
    )
    neighbourhood_id = fields.UUID(metadata={"description": "At `town`, one of the `choices`."})

    @validates_schema(skip_on_field_errors=True)
    def one_place(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A point is two numbers; and there is one place."""
        if sorted({"lat", "lon", "address", "cell"} & data.keys()) not in (["lat", "lon"], ["address"], ["cell"]):
            raise Refused(
                "one_place",
                fr="Donnez un point (lat et lon), une adresse ou une case\u00a0: l'un des trois.",
                en="Give a point (lat and lon), an address or a cell: one of the three.",
            )


class PlaceSchema(Schema):
    """A cell, and what the map says of it."""

    cell = fields.String(required=True, metadata=A_CELL)
    centre = fields.Nested(PointSchema, required=True)
    finest_precision = fields.String(
        required=True,
        validate=validate.OneOf(tuple(RESOLUTIONS)),
        metadata={"description": "How finely a home here may be kept, by the density of households."},
    )
    neighbourhood = fields.Nested(NeighbourhoodBriefSchema, required=True)


class HomeSchema(Schema):
    """My home, as it is kept."""

    cell = fields.String(required=True, metadata=A_CELL)
    centre = fields.Nested(PointSchema, required=True)
    precision = fields.String(required=True, validate=validate.OneOf(tuple(RESOLUTIONS)))
    finest_precision = fields.String(
        required=True,
        validate=validate.OneOf(tuple(RESOLUTIONS)),
        metadata={"description": "The finest that is allowed here; asking for finer gives this."},
    )
    neighbourhood = fields.Nested(
        NeighbourhoodBriefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "At `town` the one that was chosen, or null."},
    )
    choices = fields.List(
        fields.Nested(NeighbourhoodBriefSchema),
        required=True,
        metadata={"description": "At `town`, what may be chosen with `neighbourhood_id`; else empty."},
    )
    updated_at = Time(required=True)


class GeocodeSchema(Schema):
    """Words of an address."""

    q = Text(*ADDRESS_LENGTH, required=True, metadata={"example": "12 rue de la République, Toulouse"})


class AddressSchema(Schema):
    """An address that was found, as a cell."""

    label = fields.String(required=True, metadata={"example": "12 Rue de la République 31300 Toulouse"})
    cell = fields.String(required=True, metadata=A_CELL)
    centre = fields.Nested(PointSchema, required=True)


class AddressesSchema(Schema):
    """The addresses that the words may mean, best first."""

    items = fields.List(fields.Nested(AddressSchema), required=True)
