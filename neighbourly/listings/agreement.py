"""What must agree in what is said of a listing, as JSON Schema for the API's document; `consistency` sees to it."""

from __future__ import annotations

from typing import Any

from neighbourly.listings.categories import CATEGORIES, KINDS

NOTHING = {"type": "null"}
ONLY_ITEMS = {"terms": NOTHING, "max_loan_days": NOTHING, "pause_minutes": {"const": 0}}
ONLY_REQUESTS = {
    "needed_from": NOTHING,
    "needed_until": NOTHING,
    "circle": NOTHING,
    "helpers_needed": {"const": 1},
}
ONLY_OFFERS = {
    "no_expiry": {"const": False},
    "availability": {"maxItems": 0},
    "unavailable": {"maxItems": 0},
    "pause_minutes": {"const": 0},
}


def _slugs(*kinds: str) -> list[str]:
    return [slug for slug, category in CATEGORIES.items() if category.kind in kinds]


def _where(field: str, values: list[str], then: dict[str, Any]) -> dict[str, Any]:
    """These things hold where that field is said and is one of these values."""
    said = {"properties": {field: {"enum": values}}, "required": [field]}
    return {"if": said, "then": {"properties": then}}


def _of_an_item(field: str, filled: dict[str, Any]) -> dict[str, Any]:
    """Where this field is filled, something says that it is about an item."""
    return {
        "if": {"properties": {field: filled}, "required": [field]},
        "then": {
            "anyOf": [
                {"properties": {"kind": {"const": "item"}}, "required": ["kind"]},
                {"properties": {"category": {"enum": _slugs("item")}}, "required": ["category"]},
                {"properties": {"terms": {"enum": ["lend", "give"]}}, "required": ["terms"]},
            ]
        },
    }


WHATEVER_IS_SAID = [
    *(_where("kind", [kind], {"category": {"enum": [*_slugs(kind), None]}}) for kind in KINDS),
    _where("kind", ["skill", "time"], ONLY_ITEMS),
    _where("category", _slugs("skill", "time"), ONLY_ITEMS),
]
"""A category is of the kind that is said; only items are lent or given."""

WHEN_IT_IS_NEW = [
    *WHATEVER_IS_SAID,
    _where("direction", ["offer"], ONLY_REQUESTS) | {"else": {"properties": ONLY_OFFERS}},
    _of_an_item("max_loan_days", {"type": "integer"}),
    _of_an_item("pause_minutes", {"minimum": 1}),
]
"""Besides, nothing is said that only the other direction has, nor of a loan where the kind has to be guessed."""
