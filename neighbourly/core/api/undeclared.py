"""What a call says beyond what its route takes is refused by name: nothing is silently dropped.

A route with a schema refuses unknown fields itself; here stand the header, the query and the body of all others.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from werkzeug.exceptions import HTTPException

from neighbourly.core.api.schema import NOT_YET, UNKNOWN
from neighbourly.core.errors import BadRequest, Fault, InvalidInput, UnsupportedMediaType, Words


def refuse_undeclared(*, takes_query: bool, takes_body: bool, not_yet: Iterable[str]) -> None:
    """Raise a 422 for each thing said that this route takes nowhere; `not_yet` names what it will take one day.

    Raises `InvalidInput` with a pointer for each (`unknown_field`, `not_yet_supported`), and `UnsupportedMediaType` or
    `BadRequest` for a body that is no JSON object.
    """
    said = [] if takes_query else list(request.args)
    said += [] if takes_body else _body_fields()
    faults = [_fault(name, NOT_YET if name in not_yet else UNKNOWN) for name in said]
    if "Act-For" in request.headers:
        faults.append(_fault("Act-For", NOT_YET))
    if faults:
        raise InvalidInput(faults=faults)


def _fault(name: str, reason: tuple[str, Words]) -> Fault:
    code, words = reason
    return Fault("/" + name.replace("~", "~0").replace("/", "~1"), code, words)


def _body_fields() -> list[str]:
    """What a body says where none is taken; an empty one and `{}` say nothing."""
    if not request.get_data(cache=True).strip():
        return []
    if not request.is_json:
        raise UnsupportedMediaType()
    try:
        body = request.json
    except HTTPException as reason:
        raise BadRequest() from reason
    if body is not None and not isinstance(body, dict):
        raise BadRequest(detail={"fr": "Le corps doit être un objet JSON.", "en": "The body must be a JSON object."})
    return list(body or ())
