"""JSON by orjson: times in UTC with Z, UUIDs as text, hostile depth refused."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def dumps(value: Any) -> bytes:
    """The value as UTF-8 JSON."""
    return orjson.dumps(value, option=OPTIONS)


class OrjsonProvider(JSONProvider):
    """Flask's JSON, by orjson."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        """The value as JSON text."""
        return dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """The JSON text as a value; raises ValueError."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A JSON response without an intermediate text."""
        return Response(dumps(self._prepare_response_obj(args, kwargs)), mimetype="application/json")
