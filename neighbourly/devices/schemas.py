"""The shapes of devices, in and out; a token goes in and never comes out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from neighbourly.core.api.languages import LANGUAGES
from neighbourly.core.api.schema import Schema, Text, Time

PLATFORMS = ("android", "ios", "web")
TOKEN_LENGTH = 2000
"""Firebase's have some 200; an index takes no more than 2,700 bytes."""


SILENT_BECAUSE = ("other_project", "reused", "lapsed")
WHY = (
    "`other_project`: its token belongs to another Firebase project; `reused`: its sign-in was used twice and has"
    " ended; `lapsed`: its sign-in has ended by its age. Null where pushes go out."
)


class Token(Text):
    """Firebase's name for one installation: printable ASCII."""

    def __init__(self, **kwargs: Any) -> None:
        shape = {"pattern": "^[ -~]*[!-~][ -~]*$", "example": "dGhpcyBpcyBhIHRva2Vu:APA91bH"}
        super().__init__(1, TOKEN_LENGTH, load_only=True, metadata=shape, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not value.isascii() or not value.isprintable():
            raise self.make_error("invalid")
        return text


class DeviceRegistrationSchema(Schema):
    """Where to push to, and in which language (the account's, where none is given)."""

    fcm_token = Token(required=True)
    platform = fields.String(required=True, validate=validate.OneOf(PLATFORMS), metadata={"example": "android"})
    app_version = Text(1, 50, load_default=None, allow_none=True, metadata={"example": "1.4.0"})
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LANGUAGES))


class DeviceSchema(Schema):
    """A device as its owner sees it."""

    installation_id = fields.String(required=True, metadata={"example": "a1b2c3d4"})
    platform = fields.String(required=True, validate=validate.OneOf(PLATFORMS))
    app_version = fields.String(required=True, allow_none=True, metadata={"example": "1.4.0"})
    language = fields.String(
        required=True,
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "In which it is pushed to: its own, or its account's, which it then follows."},
    )
    created_at = Time(required=True)
    seen_at = Time(required=True, metadata={"description": "When the app last registered."})
    silent_since = Time(
        required=True,
        allow_none=True,
        metadata={"description": "Since when nothing is sent to it, until the app registers again; else null."},
    )
    silent_because = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*SILENT_BECAUSE, None]), metadata={"description": WHY}
    )


class DevicesSchema(Schema):
    """All of one's devices: ten at the most."""

    items = fields.List(fields.Nested(DeviceSchema), required=True)
