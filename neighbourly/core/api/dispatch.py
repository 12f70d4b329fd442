"""One request is one transaction: who calls, limits, idempotency, the view, flush, dump, then the commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Response, g, make_response, request
from marshmallow import Schema
from sqlalchemy.exc import SQLAlchemyError

from neighbourly.core import soundness
from neighbourly.core.api import creations, etags, idempotency
from neighbourly.core.api.auth import Auth, admit
from neighbourly.core.api.creations import Creates
from neighbourly.core.api.limits import EACH_MEMBER, EACH_MEMBERS_HOUR, EVERYONE, FEED_READERS, Limit, spend, spend_on
from neighbourly.core.api.pagination import Page
from neighbourly.core.api.problems import as_problem
from neighbourly.core.api.undeclared import refuse_undeclared
from neighbourly.core.api.warnings import warn
from neighbourly.core.db import commit, db, read_only, rollback
from neighbourly.core.errors import Problem


@dataclass(frozen=True)
class Contract:
    """What a route declared about itself."""

    method: str
    auth: Auth
    status: int
    limits: tuple[Limit, ...]
    secret: bool
    fast: Callable[[Any], bytes] | None
    documented: bool
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    creates: Creates | None = None
    public_texts: tuple[str, ...] = ()
    not_yet: frozenset[str] = frozenset()

    @property
    def takes_key(self) -> bool:
        """Whether an `Idempotency-Key` counts: an answer with a secret, or of a place, is stored nowhere."""
        return self.method == "POST" and not self.secret


@dataclass(frozen=True)
class Created:
    """A view's answer to a creating `POST`: the thing, where it lives, and whether it is new.

    `id` is that of the thing where it may be another than the client chose; `replayed` is the door's to say.
    """

    thing: Any
    location: str
    new: bool = True
    id: UUID | None = None
    replayed: bool = False


def transact(view: Callable[..., Any], contract: Contract) -> Callable[..., Any]:
    """The innermost layer: a stored answer, or the view's, flushed so that the dump sees what the database holds."""

    @wraps(view)
    def run(**arguments: Any) -> Any:
        spend_on(contract.limits, arguments.get("body", {}))
        caller_id = arguments["actor"].id if "actor" in arguments else None
        if contract.takes_key:
            fields = {name: value for name, value in arguments.items() if name != "actor"}
            g.attempt = idempotency.attempt(caller_id, fields)
            if g.attempt and (stored := g.attempt.replay()):
                g.attempt = None
                return stored
        if contract.public_texts:
            warn(arguments["body"], contract.public_texts)
        with etags.guarded():
            if contract.creates is None or contract.body is None:
                result = view(**arguments)
            else:
                result = _created(view, contract.creates, contract.body, arguments)
            if contract.method != "GET":
                db.session.flush()
        return _shaped(result, contract)

    return run


def _created(view: Callable[..., Any], creates: Creates, body: type[Schema], arguments: dict[str, Any]) -> Created:
    """The view's answer; for a request that came before under the same id, the thing as it is now (REL-07).

    Raises `IdTaken` for another content or somebody else's id, and `Gone` for what was deleted since.
    """
    path = {name: value for name, value in arguments.items() if name not in ("actor", "body")}
    actor = arguments["actor"]
    creating = creations.read_request(creates, body, request.get_json(), actor.id, path)
    if creating is None:
        made: Created = view(**arguments)
        return made
    thing_id = creating.find()
    if thing_id is not None:
        again: Created = creations.get_again(creates, thing_id, {"actor": actor, **path})
        return replace(again, new=False, replayed=True)
    made = view(**arguments)
    creating.note(made.id or creating.id)
    return made


def _shaped(result: Any, contract: Contract) -> Any:
    """What the schema dumps: the thing itself, with the status and headers of a creation."""
    if isinstance(result, Created):
        g.result = result.thing
        headers = {"Location": result.location} | ({idempotency.REPLAYED: "true"} if result.replayed else {})
        return result.thing, contract.status if result.new else 200, headers
    g.result = result
    if contract.fast is not None:
        return Response(contract.fast(result), contract.status, mimetype="application/json")
    if result is None and contract.status == 204:
        return Response(status=204)
    return result


def dispatch(handler: Callable[..., Any], contract: Contract) -> Callable[..., Response]:
    """The outermost layer: who may call and how often, then one commit before any byte of the answer exists.

    A `GET` changes nothing, so there is nothing to commit, and of a member's none opens a transaction; but for one
    that notes along that somebody looks.
    """

    @wraps(handler)
    def answer(**arguments: Any) -> Response:
        try:
            _admit(contract, arguments)
            response = make_response(handler(**arguments))
            _finish(response, contract)
            if contract.method != "GET" or "noted" in g:
                commit()
            else:
                soundness.ensure()
            return response
        except (Problem, SQLAlchemyError) as reason:
            problem = as_problem(reason)
            if problem.keeps:
                commit()
            else:
                rollback()
            raise problem from reason
        except BaseException:
            rollback()
            raise

    return answer


def _admit(contract: Contract, arguments: dict[str, Any]) -> None:
    """Let in who may call, as often as they may, with nothing that the route would drop."""
    if contract.auth is Auth.PUBLIC:
        spend(contract.limits if FEED_READERS in contract.limits else (EVERYONE, *contract.limits), None)
    else:
        if contract.method == "GET":
            read_only()
        caller = admit(contract.auth)
        assert caller is not None  # noqa: S101  # admit raises where there is none
        spend((EACH_MEMBER, EACH_MEMBERS_HOUR, *contract.limits), caller.id)
        arguments["actor"] = caller
    if contract.documented:
        refuse_undeclared(
            takes_query=contract.query is not None or not request.path.startswith("/v1/"),
            takes_body=contract.body is not None,
            not_yet=contract.not_yet,
        )


def _finish(response: Response, contract: Contract) -> None:
    attempt = g.pop("attempt", None)
    single = response.mimetype == "application/json" and not isinstance(g.get("result"), Page)
    if single and response.status_code in (200, 201) and "result" in g and not contract.secret:
        etags.tag(g.result, response)
    if attempt is not None:
        attempt.remember(response)
    if contract.auth is not Auth.PUBLIC or contract.secret or contract.method != "GET":
        response.headers["Cache-Control"] = "no-store"
