"""Every field and parameter that the document offers is read by the product: none is taken and dropped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from marshmallow import Schema

from neighbourly.core.api.blueprint import CONTRACTS

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "neighbourly"
READ_OTHERWISE = {
    "PreferencesUpdateSchema.quiet_hours": "quiet_from",
    "NearQuerySchema.available_from": "",
    "NearQuerySchema.available_until": "",
}
"""What a schema alone holds people to, and what is kept under another name."""
NO_READERS = {"cli", "worker", "app", "reactions", "demo"}
"""They know no request."""


@cache
def _order() -> list[set[str]]:
    """The features as `.importlinter` orders them, the highest first."""
    layers = (ROOT / ".importlinter").read_text().partition("layers =")[2].partition("\n\n")[0]
    return [set(re.findall(r"\w+", line)) for line in layers.splitlines() if line.strip()]


def _may_read(feature: str) -> set[str]:
    """The feature itself and all above it."""
    level = next(number for number, layer in enumerate(_order()) if feature in layer)
    return {feature}.union(*_order()[:level]) - NO_READERS


@cache
def _reads(feature: str) -> frozenset[str]:
    """The names whose values this feature's code takes: of parameters, attributes and keys; no schema, no column."""
    sources = [each for each in (SOURCE / feature).rglob("*.py") if each.name != "schemas.py"]
    return frozenset(name for each in sources for name in _read_in(ast.parse(each.read_text())))


def _read_in(tree: ast.AST) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
    unused = {node.func for node in nodes if isinstance(node, ast.Call)}
    unused |= {node.value for node in nodes if isinstance(node, ast.Expr)}
    yield from (name for node in nodes if node not in unused for name in _read_by(node))
    yield from parameters & {node.id for node in nodes if isinstance(node, ast.Name)}


def _read_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name, ctx=ast.Load()):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Load()):
            yield name
        case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value=str(name)), *_]):
            yield name


def _offered() -> Iterator[tuple[type[Schema], str]]:
    for contract in CONTRACTS.values():
        for schema in (contract.body, contract.query):
            if schema is not None and contract.documented:
                yield from ((schema, name) for name in schema().fields)


def test_what_the_document_offers_is_read(app):
    """A field that is stored and read by nobody is a promise that nobody keeps."""
    dropped = {
        f"{schema.__name__}.{name}"
        for schema, name in _offered()
        if not any(name in _reads(each) for each in _may_read(schema.__module__.split(".")[1]))
    }
    assert dropped == READ_OTHERWISE.keys()
    assert all(name in _reads("preferences") for name in READ_OTHERWISE.values() if name)


def test_what_is_not_built_does_not_stand_in_the_document(app):
    """It is refused by name; once it is offered, it is refused no more."""
    for schema in {each for contract in CONTRACTS.values() for each in (contract.body, contract.query) if each}:
        assert not getattr(schema, "not_yet", frozenset()) & schema().fields.keys()
