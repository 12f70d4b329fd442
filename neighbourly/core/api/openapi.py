"""The OpenAPI 3.1 document, made from the routes' contracts, and Swagger UI from our own server."""

from __future__ import annotations

from importlib.resources import files
from threading import Lock
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from flask import Flask, Response, current_app
from marshmallow import fields

from neighbourly.core.api import converters
from neighbourly.core.api.auth import PUBLIC
from neighbourly.core.api.blueprint import CONTRACTS, Blueprint
from neighbourly.core.api.document import complete
from neighbourly.core.api.json import dumps
from neighbourly.core.api.schema import Schema
from neighbourly.core.config import settings
from neighbourly.core.errors import NotFound

_making = Lock()
bp = Blueprint("openapi", __name__, description="This document, and how to read it.")
SWAGGER_FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}


class FaultSchema(Schema):
    """One thing wrong in an input."""

    pointer = fields.String(required=True, metadata={"description": "RFC 6901.", "example": "/title"})
    code = fields.String(required=True, metadata={"example": "too_short"})
    detail = fields.String(required=True, metadata={"example": "C'est trop court."})


class ProblemSchema(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True, metadata={"example": "/problems/invalid_input"})
    title = fields.String(required=True, metadata={"example": "Certains champs ne vont pas"})
    status = fields.Integer(required=True, metadata={"example": 422})
    detail = fields.String(required=True, metadata={"example": "Certains champs ne vont pas"})
    code = fields.String(required=True, metadata={"example": "invalid_input"})
    errors = fields.List(fields.Nested(FaultSchema))
    allowed_actions = fields.List(
        fields.String(),
        metadata={"description": "With `action_not_allowed`: what is possible now.", "example": ["close"]},
    )


class SchemaPlugin(MarshmallowPlugin):
    """Marshmallow's schemas as JSON Schema, with what is said of several fields together."""

    def schema_helper(self, name: Any, _: Any, schema: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """The component of a schema."""
        made = super().schema_helper(name, _, schema=schema, **kwargs)  # type: ignore[no-untyped-call]  # it has none
        return made and made | dict(getattr(resolve_schema_instance(schema), "among_fields", {}))


class Api(flask_smorest.Api):  # type: ignore[misc]  # it has no types
    """Smorest's document, without its error handlers: every refusal is ours."""

    def _register_error_handlers(self) -> None:
        """Nothing: core.api.problems answers every error."""


def schema_name(schema: Any) -> str:
    """The component's name: the class's, without `Schema`."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def init_app(app: Flask, version: str) -> Api:
    """The API object that blueprints are registered with."""
    app.config.update(API_TITLE="neighbourly", API_VERSION=version, OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs={"marshmallow_plugin": SchemaPlugin(schema_name_resolver=schema_name)})
    converters.init_app(app, api)
    app.extensions["neighbourly.api"] = api
    return api


def document(app: Flask) -> dict[str, Any]:
    """The whole document; made at the first call of each app and kept."""
    with _making:
        if "neighbourly.openapi" not in app.extensions:
            app.extensions["neighbourly.openapi"] = _made(app)
    made: dict[str, Any] = app.extensions["neighbourly.openapi"]
    return made


def _made(app: Flask) -> dict[str, Any]:
    api: Api = app.extensions["neighbourly.api"]
    if "Problem" not in api.spec.components.schemas:
        api.spec.components.schema("Problem", schema=ProblemSchema)
    contracts = [
        (rule, method, CONTRACTS[(method, rule.endpoint)])
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if (method, rule.endpoint) in CONTRACTS
    ]
    return complete(api.spec.to_dict(), contracts, settings().public_url)


@bp.get("/openapi.json", auth=PUBLIC, docs=None)
def get_openapi() -> Response:
    """The OpenAPI 3.1 document."""
    made = document(current_app._get_current_object())  # type: ignore[attr-defined]
    response = Response(dumps(made), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/docs", auth=PUBLIC, docs=None)
def show_docs() -> Response:
    """Swagger UI over the document."""
    return Response(PAGE, mimetype="text/html")


@bp.get("/docs/<path:name>", auth=PUBLIC, docs=None)
def get_docs_file(name: str) -> Response:
    """A file of Swagger UI's, from its package."""
    if name == "start.js":
        return Response(START, mimetype="text/javascript")
    if name not in SWAGGER_FILES:
        raise NotFound()
    content = files("flask_swagger_ui").joinpath("dist", name).read_bytes()
    return Response(content, mimetype=SWAGGER_FILES[name], headers={"Cache-Control": "public, max-age=86400"})


START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#docs", deepLinking: true,
  docExpansion: "list", persistAuthorization: false, tryItOutEnabled: true});
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>neighbourly: the API</title>
  <link rel="icon" href="/docs/favicon-32x32.png">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="docs"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
"""
