"""Many rows in one statement, however many: given as one JSON parameter, which the database reads as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import TableValuedAlias, Text, cast, column, func, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine


def table_of(rows: Sequence[Mapping[str, Any]], **columns: TypeEngine[Any]) -> TableValuedAlias:
    """The rows as a table called `given`, with these columns; a key that a row lacks is NULL."""
    given = cast(literal(orjson.dumps(rows).decode(), Text), JSONB)
    described = [column(name, kind) for name, kind in columns.items()]
    return func.jsonb_to_recordset(given).table_valued(*described, name="given").render_derived(with_types=True)
