"""Warnings about what was just written: contact data in a text that everybody reads (LOC-09).

A warning refuses nothing. It stands in the answer to the write, beside the thing as it was stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from marshmallow import fields, missing

from neighbourly.core.api.languages import say
from neighbourly.core.api.schema import PublicText, Schema
from neighbourly.core.errors import Words
from neighbourly.core.language.contact_data import find_contact_data

DETAILS: Mapping[str, Words] = {
    "phone_number": {
        "fr": "Tout le monde lira ce numéro de téléphone. Mieux vaut le donner dans une conversation.",
        "en": "Everybody will read this telephone number. A conversation is the better place for it.",
    },
    "email_address": {
        "fr": "Tout le monde lira cette adresse e-mail. Mieux vaut la donner dans une conversation.",
        "en": "Everybody will read this e-mail address. A conversation is the better place for it.",
    },
    "street_address": {
        "fr": "Tout le monde lira cette adresse. Le lieu du rendez-vous se dit une fois l'échange convenu.",
        "en": "Everybody will read this address. Say where to meet once an exchange is agreed.",
    },
}


class TextWarningSchema(Schema):
    """Something in a field that was stored as it was written, and that its author may want to take out."""

    pointer = fields.String(required=True, metadata={"example": "/description"})
    code = fields.String(required=True, metadata={"example": "phone_number", "enum": list(DETAILS)})
    detail = fields.String(required=True)


class Warnings(fields.List[list[Any]]):
    """The warnings about what this request wrote; absent where there are none, and from whatever is only read."""

    def __init__(self) -> None:
        metadata = {"description": "About what was just written: contact data in a public text. Absent without any."}
        super().__init__(fields.Nested(TextWarningSchema), metadata=metadata)

    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = None) -> Any:
        """Those that `warn` noted for the request under way, whatever is dumped."""
        return g.get("warnings") or missing


def public_texts(body: type[Schema] | None) -> tuple[str, ...]:
    """The names of a body's fields that everybody will read."""
    return () if body is None else tuple(name for name, field in body().fields.items() if isinstance(field, PublicText))


def warn(body: Mapping[str, Any], names: Sequence[str]) -> None:
    """Note a warning for each sort of contact data in each of these fields of a loaded body, for its answer."""
    g.warnings = [
        {"pointer": f"/{name}", "code": code, "detail": say(DETAILS[code])}
        for name in names
        for code in dict.fromkeys(found.kind for found in find_contact_data(body.get(name) or ""))
    ]
