"""The tree of categories, two levels deep: what neighbours lend, know how to do and give time for, in two languages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, TypedDict

Kind = Literal["item", "skill", "time"]
KINDS: tuple[Kind, ...] = ("item", "skill", "time")


@dataclass(frozen=True)
class Category:
    """One category; `name` and `words` (the everyday words for what is in it) are by language, "fr" and "en"."""

    slug: str
    kind: Kind
    parent: str | None
    name: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


class CategoryNode(TypedDict):
    """A category as phones read it, with those beneath it."""

    id: str
    name: str
    kind: Kind
    children: list["CategoryNode"]


def get(slug: str) -> Category | None:
    """Give the category of that slug, or None where there is none."""
    return CATEGORIES.get(slug)


def ancestors(slug: str) -> tuple[str, ...]:
    """Give the categories that hold this one, nearest first; none for a top one or an unknown slug."""
    category = get(slug)
    if category is None or category.parent is None:
        return ()
    return (category.parent, *ancestors(category.parent))


def with_descendants(slug: str) -> tuple[str, ...]:
    """Give the slug itself and all beneath it; nothing for an unknown slug."""
    if slug not in CATEGORIES:
        return ()
    return (slug, *(child.slug for child in CATEGORIES.values() if child.parent == slug))


def tree(language: str) -> list[CategoryNode]:
    """Give the whole tree named in `language` ("fr" or "en"), in the order in which people should read it."""
    nodes: dict[str, CategoryNode] = {}
    top: list[CategoryNode] = []
    for category in CATEGORIES.values():
        node = CategoryNode(id=category.slug, name=category.name[language], kind=category.kind, children=[])
        nodes[category.slug] = node
        (top if category.parent is None else nodes[category.parent]["children"]).append(node)
    return top


def _read() -> dict[str, Category]:
    text = resources.files("neighbourly.listings").joinpath("categories.json").read_text(encoding="utf-8")
    found = [_category(entry) for entry in json.loads(text)]
    return {category.slug: category for category in found}


def _category(entry: dict[str, Any]) -> Category:
    words = {language: tuple(listed) for language, listed in entry["words"].items()}
    return Category(entry["slug"], entry["kind"], entry["parent"], entry["name"], words)


CATEGORIES: Mapping[str, Category] = _read()
"""All of them by slug, each parent before its children."""
