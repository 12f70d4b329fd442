"""The OpenAPI document made whole: refusals, security, examples, and shapes that old and new clients can live with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from werkzeug.routing import Rule

from neighbourly.core.api.auth import Auth
from neighbourly.core.api.dispatch import Contract

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
SCHEMAS = "#/components/schemas/"
PROBLEMS = {
    "400": "The request cannot be read.",
    "401": "Not signed in, or no longer.",
    "403": "The caller sees this, but may not do that.",
    "404": "Nothing here that the caller may see.",
    "409": "Too late, or in conflict with what is.",
    "410": "It was here and has ended.",
    "412": "`If-Match` names a version that is no longer current.",
    "413": "The body is too large.",
    "415": "The body is of a kind this route does not take.",
    "422": "Some fields are not right; `errors` says which.",
    "429": "Too often in too short a time; `Retry-After` says when to come back.",
    "500": "Something went wrong on our side.",
    "503": "Something we need does not answer just now.",
}


KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Chosen by the app for one act, anew for each. Within 24 hours the same key with the same body gives"
    " the first answer again, with `Idempotency-Replayed: true`; with another body of the same account it is 422"
    " `idempotency_key_reused`. Before anyone is signed in, the address of the call and its body stand for the account."
    " Calls without this parameter are safe to repeat as they are, or answer with a secret, which is never stored.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "example": "01a2057e-7001-7598-813c-1a57cb0a6029"},
}
REPLAYED = {
    "description": "Present where this request was answered before: by its key, or by the `id` in its body.",
    "schema": {"type": "string", "const": "true"},
}


def complete(spec: Json, contracts: Iterable[tuple[Rule, str, Contract]], server: str) -> Json:
    """The document of these routes, from what smorest gathered of them."""
    spec = deepcopy(spec)
    spec["info"] |= {
        "summary": "Neighbours who lend, share and help.",
        "description": "Every refusal is problem+json; every list has a cursor; homes are cells, never points.",
        "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    }
    spec["servers"] = [{"url": server}]
    components = spec["components"]
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    components["parameters"] = {"IdempotencyKey": KEY}
    components["headers"] = {"IdempotencyReplayed": REPLAYED}
    components["responses"] = {f"Problem{code}": _problem(text) for code, text in PROBLEMS.items()}
    for rule, method, contract in contracts:
        _complete_operation(spec["paths"], rule, method.lower(), contract)
    _write_nullable_plainly(spec)
    _close_requests_and_open_answers(spec)
    for operation in operations(spec):
        _give_example(operation, components["schemas"])
    used = {tag for operation in operations(spec) for tag in operation["tags"]}
    spec["tags"] = [tag for tag in spec["tags"] if tag["name"] in used]
    return spec


def operations(spec: Json) -> Iterator[Json]:
    """Every operation of the document."""
    for path in spec["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def _problem(description: str) -> Json:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": SCHEMAS + "Problem"}}},
    }


def _complete_operation(paths: Json, rule: Rule, method: str, contract: Contract) -> None:
    """Give an operation its id, its security and its refusals; drop the pages for people."""
    path = paths.get(_template(rule.rule), {})
    if method not in path:
        return
    if not contract.documented:
        del path[method]
        if not any(key in path for key in METHODS):
            del paths[_template(rule.rule)]
        return
    operation = path[method]
    operation["operationId"] = rule.endpoint.rpartition(".")[2]
    operation["security"] = [] if contract.auth is Auth.PUBLIC else [{"bearer": []}]
    operation["responses"].pop("default", None)
    if contract.takes_key:
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
        for answer in operation["responses"].values():
            answer.setdefault("headers", {})["Idempotency-Replayed"] = {
                "$ref": "#/components/headers/IdempotencyReplayed"
            }
    named = [code for code in operation["responses"] if code in PROBLEMS]
    for code in sorted({*named, *_refusals(operation, method, contract)}):
        operation["responses"][code] = {"$ref": f"#/components/responses/Problem{code}"}


def _refusals(operation: Json, method: str, contract: Contract) -> list[str]:
    codes = ["404", "422", "429", "500", "503"]
    if contract.auth is not Auth.PUBLIC or contract.secret:
        codes += ["401", "403"]
    if method != "get":
        codes += ["409", "412"]
    if contract.creates is not None:
        codes += ["410"]
    if "requestBody" in operation:
        codes += ["400", "413", "415"]
    return sorted(codes)


def _template(rule: str) -> str:
    """`/a/<uuid:b>` as `/a/{b}`."""
    parts = ["{" + part[1:-1].rpartition(":")[2] + "}" if part.startswith("<") else part for part in rule.split("/")]
    return "/".join(parts)


def _write_nullable_plainly(spec: Json) -> None:
    """An object that may be null is written as one, with its name as title: generators stumble over `anyOf`."""
    schemas = deepcopy(spec["components"]["schemas"])
    for node in _nodes(spec):
        if node.get("anyOf", [])[1:] == [{"type": "null"}]:
            name = node.pop("anyOf")[0]["$ref"].removeprefix(SCHEMAS)
            plain = deepcopy(schemas[name])
            node |= {**plain, "title": name, "type": [plain["type"], "null"], **node}


def _close_requests_and_open_answers(spec: Json) -> None:
    """What comes in has no unknown fields; what goes out may grow. A shape that does both becomes two."""
    schemas = spec["components"]["schemas"]
    bodies = [operation.get("requestBody") for operation in operations(spec)]
    answers = [spec["components"]["responses"], *(operation["responses"] for operation in operations(spec))]
    coming_in, going_out = _reached(bodies, schemas), _reached(answers, schemas)
    for name in sorted(coming_in & going_out):
        schemas[f"{name}Input"] = deepcopy(schemas[name])
    own = [schemas[f"{name}Input" if name in going_out else name] for name in coming_in]
    for node in _nodes([bodies, own]):
        if node.get("$ref", "").removeprefix(SCHEMAS) in going_out:
            node["$ref"] += "Input"
    for node in _nodes([schemas[name] for name in going_out]):
        if node.get("additionalProperties") is False:
            del node["additionalProperties"]
    for unused in set(schemas) - _reached([bodies, answers], schemas):
        del schemas[unused]


def _reached(start: Any, schemas: Json) -> set[str]:
    """The names of the components that these parts of the document refer to, directly or not."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        named = {node["$ref"].removeprefix(SCHEMAS) for node in _nodes(waiting.pop()) if "$ref" in node}
        new = {name for name in named if name in schemas} - found
        found |= new
        waiting += [schemas[name] for name in new]
    return found


def _nodes(part: Any) -> Iterator[Json]:
    """Every object within a part of the document, the outer ones first."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _nodes(inner)


def _give_example(operation: Json, schemas: Json) -> None:
    """A body without an example gets one of its fields' examples: the compulsory ones, or all where none is."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = schemas.get(media["schema"].get("$ref", "").removeprefix(SCHEMAS), {})
        fields = schema.get("properties", {})
        names = schema.get("required") or [name for name in fields if "example" in fields[name]]
        if "example" not in media and all("example" in fields[name] for name in names):
            media["example"] = {name: fields[name]["example"] for name in names}
