"""Many rows in one statement, however many: given as one JSON parameter, which the database reads as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, TableValuedAlias, Text, bindparam, cast, column, func, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine


def table_of(rows: Sequence[Mapping[str, Any]], **columns: TypeEngine[Any]) -> TableValuedAlias:
    """The rows as a table called `given`, with these columns; a key that a row lacks is NULL."""
    return _table(literal(as_given(rows), Text), columns)


def table_given(**columns: TypeEngine[Any]) -> TableValuedAlias:
    """The same for a statement that is made once: the rows are its parameter `rows`, as `as_given` writes them."""
    return _table(bindparam("rows", type_=Text()), columns)


def as_given(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one parameter."""
    return orjson.dumps(rows).decode()


def _table(rows: ColumnElement[str], columns: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    described = [column(name, kind) for name, kind in columns.items()]
    table = func.jsonb_to_recordset(cast(rows, JSONB)).table_valued(*described, name="given")
    return table.render_derived(with_types=True)
