"""Lists in pages by keyset: nothing is shown twice or skipped while rows are added."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from marshmallow import ValidationError, fields, validate
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, UnaryExpression, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from neighbourly.core.api.schema import QueryInteger, Refused, Schema
from neighbourly.core.db import db
from neighbourly.core.errors import InvalidInput, fault

MOST_ITEMS = 100
"""No page is longer."""

UNREADABLE = {"fr": "Ce curseur n'est pas lisible.", "en": "This cursor cannot be read."}


@dataclass(frozen=True)
class Page:
    """Some items, and the cursor that continues after them (None at the end)."""

    items: Sequence[Any]
    next: str | None


@dataclass(frozen=True)
class Key:
    """One column of a total order: what is compared, which way, and how its cursor value is read back."""

    name: str
    column: SQLColumnExpression[Any]
    read: Callable[[Any], Any]
    descending: bool = False

    def beyond(self, value: Any) -> ColumnElement[bool]:
        """Rows that come after this value."""
        beyond: ColumnElement[bool] = self.column < value if self.descending else self.column > value
        return beyond

    def order(self) -> UnaryExpression[Any]:
        """The ORDER BY part."""
        return self.column.desc() if self.descending else self.column.asc()


class LimitQuerySchema(Schema):
    """How much of a list."""

    limit = QueryInteger(
        load_default=20, validate=validate.Range(1, MOST_ITEMS), metadata={"description": "At most this many."}
    )


class OfOurs(validate.Regexp):
    """Cursors are written in these signs; one in others is told as any other that is not ours."""

    def __call__(self, value: Any) -> Any:
        """The cursor; raises `Refused`."""
        try:
            return super().__call__(value)
        except ValidationError as reason:
            raise Refused("bad_cursor", fr=UNREADABLE["fr"], en=UNREADABLE["en"]) from reason


class PageQuerySchema(LimitQuerySchema):
    """How much of a list, and from where."""

    cursor = fields.String(
        load_default=lambda: None,  # a callable, since the document would show a value as the default
        allow_none=False,
        validate=[validate.Length(max=500), OfOurs("^[A-Za-z0-9_-]+$")],
        metadata={"description": "The `next` of the page before."},
    )


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of a page of these items."""
    name = item.__name__.removesuffix("Schema") + "PageSchema"
    return type(
        name,
        (Schema,),
        {
            "__doc__": f"A page of {item.__name__.removesuffix('Schema')} items.",
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True, metadata={"example": None}),
        },
    )


def moment(text: str) -> datetime:
    """Read a cursor's time back."""
    return datetime.fromisoformat(text)


def uuid(text: str) -> UUID:
    """Read a cursor's id back."""
    return UUID(text)


def newest_first(at: InstrumentedAttribute[Any], id: InstrumentedAttribute[Any]) -> tuple[Key, Key]:
    """The order of most lists: by this time, then by this id, both descending."""
    return Key(at.key, at, moment, descending=True), Key(id.key, id, uuid, descending=True)


def encode(values: Sequence[Any]) -> str:
    """Cursor values as opaque text."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).rstrip(b"=").decode()


def decode(cursor: str, keys: Sequence[Key]) -> list[Any]:
    """A cursor's values, one a key; raises the 422 `bad_cursor`."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [key.read(value) for key, value in zip(keys, values, strict=True)]
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError) as reason:
        raise bad_cursor() from reason


def bad_cursor() -> InvalidInput:
    """The refusal of a cursor that is not one of ours."""
    return fault("/cursor", "bad_cursor", fr=UNREADABLE["fr"], en=UNREADABLE["en"])


def after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row comes after the cursor, key by key."""
    choices = []
    for position, (key, value) in enumerate(zip(keys, values, strict=True)):
        equal = [earlier.column == known for earlier, known in zip(keys[:position], values, strict=False)]
        choices.append(and_(*equal, key.beyond(value)))
    return or_(*choices)


def page(
    statement: Select[*tuple[Any, ...]], keys: Sequence[Key], *, limit: int, cursor: str | None
) -> tuple[list[Any], str | None]:
    """One page of a statement's rows in the order of the keys, and the next cursor; one SQL statement.

    The last key must make the order total (an id). Rows are mappings that hold each key's name.
    """
    if cursor is not None:
        statement = statement.where(after(keys, decode(cursor, keys)))
    statement = statement.order_by(None).order_by(*(key.order() for key in keys)).limit(limit + 1)
    rows = list(db.session.execute(statement).mappings())
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode([_cursor_value(rows[limit - 1], key) for key in keys])


def _cursor_value(row: Mapping[Any, Any], key: Key) -> Any:
    value = row[key.name]
    return value.isoformat() if isinstance(value, datetime) else value
