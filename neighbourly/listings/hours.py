"""The shapes of when an owner offers something: weekly windows, and days on which there is nothing to be had."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, validate, validates_schema

from neighbourly.core.api.schema import Refused, Schema, Whole

TIME_OF_DAY = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
FIRST_YEAR, LAST_YEAR = 2000, 2199
MOST_WINDOWS, MOST_CLOSED = 50, 100


class WallTime(fields.String):
    """Hours and minutes of a wall clock, kept as they are said."""

    def __init__(self, example: str, **kwargs: Any) -> None:
        shape = validate.Regexp(TIME_OF_DAY)
        super().__init__(required=True, validate=shape, metadata={"example": example}, **kwargs)


class Day(fields.String):
    """A day of the calendar, kept as it is said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, metadata={"format": "date", "example": "2026-12-24"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        said = super()._deserialize(value, attr, data, **kwargs)
        try:
            day = date.fromisoformat(said)
        except ValueError:
            raise Refused("not_a_day", fr="Ce n'est pas une date.", en="This is not a date.") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Refused("out_of_range", fr="Cette date est trop lointaine.", en="This date is too far away.")
        return day.isoformat()


class WindowSchema(Schema):
    """When on one day of each week, on the owner's wall clock; over midnight where `to` is not later."""

    weekday = Whole(
        required=True, validate=validate.Range(0, 6), metadata={"description": "0 is Monday.", "example": 5}
    )
    begins = WallTime("09:00", data_key="from", attribute="from")
    until = WallTime("18:00", data_key="to", attribute="to")


class ClosedSchema(Schema):
    """Days on which there is nothing to be had, the last included."""

    first = Day(data_key="from", attribute="from")
    last = Day(data_key="until", attribute="until")

    @validates_schema(skip_on_field_errors=True)
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["until"] < data["from"]:
            raise Refused(
                "ends_before_it_begins",
                fr="La fin doit venir après le début.",
                en="The end must come after the beginning.",
                field_name="until",
            )
