"""A route states its whole contract in one decorator above the function; `auth` has no default (SEC-01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import flask_smorest
from flask import Flask, request
from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from neighbourly.core import errors
from neighbourly.core.api.auth import Auth
from neighbourly.core.api.creations import Creates
from neighbourly.core.api.dispatch import Contract, dispatch, transact
from neighbourly.core.api.limits import Limit
from neighbourly.core.api.schema import Schema, faults_of
from neighbourly.core.api.warnings import public_texts

View = TypeVar("View", bound=Callable[..., Any])
MAX_BODY = 1024 * 1024
MAX_FIELDS = 200
"""No body of ours has half as many; naming each unknown one of fifty thousand would take half a second."""
CONTRACTS: dict[tuple[str, str], Contract] = {}
"""(method, endpoint) → contract, of every route that exists: what the tests and the OpenAPI document walk."""


class Parser(FlaskParser):
    """Bodies and queries by schema: not JSON or not an object is 400, a wrong shape 422."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": None}

    def load_querystring(self, req: Any, schema: Any) -> Any:
        """The query as a plain dict: no field of ours is a list, and of one that is repeated the first counts."""
        return req.args.to_dict()

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body, parsed once; a route that takes one takes no call without it, be it `{}`."""
        if not req.get_data(cache=True):
            raise errors.BadRequest(detail={"fr": "Il manque le corps de la requête.", "en": "The body is missing."})
        if not req.is_json:
            raise errors.UnsupportedMediaType()
        try:
            body = req.json
        except HTTPException as reason:
            raise errors.BadRequest() from reason
        if not isinstance(body, dict):
            raise errors.BadRequest(
                detail={"fr": "Le corps doit être un objet JSON.", "en": "The body must be a JSON object."}
            )
        if len(body) > MAX_FIELDS:
            raise errors.BadRequest(detail={"fr": "Le corps a trop de champs.", "en": "The body has too many fields."})
        return body

    def handle_error(self, error: ValidationError, req: Any, schema: Any, **_kwargs: Any) -> Any:
        """Marshmallow's errors as one problem with its faults."""
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]  # it has none
        raise errors.InvalidInput(faults=[each for part in messages.values() for each in faults_of(part)])


@dataclass(frozen=True)
class Documented:
    """What the OpenAPI document adds to a route: an example body, more answers, where the answer leads, its form.

    `links` gives, by the operation that one leads to, its parameters as OpenAPI's runtime expressions.
    """

    example: Mapping[str, Any] | None = None
    also: Mapping[int, str] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    media_type: str | None = None


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # it has no types
    """A feature's routes, below `/v1` or where `url_prefix` says."""

    ARGUMENTS_PARSER = Parser()

    def get(self, rule: str, **contract: Any) -> Callable[[View], View]:
        """A route that reads."""
        return self._declare("GET", rule, **contract)

    def post(self, rule: str, **contract: Any) -> Callable[[View], View]:
        """A route that creates or acts."""
        return self._declare("POST", rule, **contract)

    def put(self, rule: str, **contract: Any) -> Callable[[View], View]:
        """A route that sets."""
        return self._declare("PUT", rule, **contract)

    def patch(self, rule: str, **contract: Any) -> Callable[[View], View]:
        """A route that changes fields."""
        return self._declare("PATCH", rule, **contract)

    def delete(self, rule: str, **contract: Any) -> Callable[[View], View]:
        """A route that deletes."""
        return self._declare("DELETE", rule, **contract)

    def _declare(
        self,
        method: str,
        rule: str,
        *,
        auth: Auth,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        returns: type[Schema] | None = None,
        status: int = 200,
        limits: tuple[Limit, ...] = (),
        secret: bool = False,
        creates: Creates | None = None,
        not_yet: frozenset[str] = frozenset(),
        fast: Callable[[Any], bytes] | None = None,
        docs: Documented | None = Documented(),
    ) -> Callable[[View], View]:
        """`docs=None` keeps a page for people out of the OpenAPI document.

        `secret` answers are never stored for a retry; `creates` says what a body's `id` stands for; `not_yet`
        names what the contract will take one day; `fast` dumps a hot answer in place of `returns`, which then only
        describes it.
        """
        documented, texts = docs is not None, public_texts(body)
        contract = Contract(
            method, auth, status, limits, secret, fast, documented, body, query, creates, texts, not_yet
        )

        def decorate(view: View) -> View:
            handler = self._described(transact(view, contract), status, body, query, returns, docs or Documented())
            self.add_url_rule(rule, view.__name__, dispatch(handler, contract), methods=[method])
            CONTRACTS[(method, f"{self.name}.{view.__name__}")] = contract
            return view

        return decorate

    def _described(
        self,
        handler: Callable[..., Any],
        status: int,
        body: type[Schema] | None,
        query: type[Schema] | None,
        returns: type[Schema] | None,
        docs: Documented,
    ) -> Callable[..., Any]:
        """Smorest's layers: parse what comes in, dump what goes out, and note both for the document."""
        summary = (handler.__doc__ or "").strip().partition("\n")[0] or None
        handler = self.response(status, returns, content_type=docs.media_type, description=summary)(handler)
        for code, description in docs.also.items():
            given = {"schema": returns, "success": True} if code < 400 else {}
            handler = self.alt_response(code, description=description, **given)(handler)
        if docs.links:
            links = {name: {"operationId": name, "parameters": dict(given)} for name, given in docs.links.items()}
            handler = self.doc(responses={status: {"links": links}})(handler)
        if body is not None:
            example = dict(docs.example) if docs.example else None
            handler = self.arguments(body(), location="json", arg_name="body", example=example)(handler)
        if query is not None:
            handler = self.arguments(query(), location="query", arg_name="query")(handler)
        return handler


def init_app(app: Flask) -> None:
    """Refuse bodies over the ceiling before they are read (SEC-16), and U+0000 in a path or a query."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY

    @app.before_request
    def _refuse_nul() -> None:
        if "%00" in (request.query_string or b"").decode("latin-1") or "\x00" in request.path:
            raise errors.fault("", "control_character", fr="Caractère interdit.", en="Control characters are refused.")
