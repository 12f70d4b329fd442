"""Parts of paths that are neither words of ours nor UUIDs."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import Flask
from werkzeug.routing import BaseConverter


class AppMade(BaseConverter):
    """An id that an app made: at most 200 signs, no control characters; any other path is not found."""

    regex = r"[^/\x00-\x1f\x7f-\x9f]{1,200}"


def _documented(_converter: AppMade) -> dict[str, Any]:
    pattern = r"^[^/\u0000-\u001f\u007f-\u009f]+$"
    return {"type": "string", "minLength": 1, "maxLength": 200, "pattern": pattern}


def init_app(app: Flask, api: flask_smorest.Api) -> None:
    """Let rules say `<app_made:name>`."""
    app.url_map.converters["app_made"] = AppMade
    api.register_converter(AppMade, _documented)
