"""Filing a listing by what was said of it, and by what its title seems to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neighbourly.listings import filing
from neighbourly.listings.models import Listing
from neighbourly.listings.reading import Likeness

GUESSED = ("kind", "category")


def refile(listing: Listing, said: Mapping[str, Any], likeness: Likeness | None) -> None:
    """File the listing by what was said, now or before; guess the rest, anew where it was a guess.

    Only things are lent or given: who says `terms` and no kind speaks of an item. What its owner empties stays empty.
    """
    emptied = {field for field in GUESSED if field in said and said[field] is None}
    listing.left_open = sorted(emptied | {field for field in listing.left_open if field not in said})
    unsaid = {field for field in GUESSED if field not in said and is_open(listing, field)}
    kind = None if "kind" in unsaid else listing.kind
    if "kind" in unsaid and said.get("terms") is not None:
        kind = "item"
        unsaid.remove("kind")
    category = None if "category" in unsaid else listing.category
    filed = filing.file(listing.title, kind=kind, category=category, unsaid=unsaid, likeness=likeness)
    listing.kind, listing.category, listing.guessed = filed.kind, filed.category, list(filed.guessed)


def affirm_kind(listing: Listing) -> None:
    """What kind of thing it is, two have agreed on: it is a guess no more, and no other title makes it another."""
    listing.guessed = [field for field in listing.guessed if field != "kind"]


def is_open(listing: Listing, field: str) -> bool:
    """Whether the owner has not said it, nor that it is to stay open."""
    return field in listing.guessed or (getattr(listing, field) is None and field not in listing.left_open)
