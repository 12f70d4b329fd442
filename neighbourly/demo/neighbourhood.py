"""Who lives in the demo and what they offer and ask for, read from `content/` and checked."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from neighbourly.listings.categories import CATEGORIES, Kind

CONTENT = Path(__file__).parent / "content"
BOUNDARIES_FILE = CONTENT / "quartiers.geojson"
"""The quartiers as GeoJSON, with `code`, `name` and `households`; ODbL, see `content/ATTRIBUTION`."""

HEROINE = "lea@demo.neighbourly.example"
"""Who the tour signs in as: she has a home and no drill."""
HELPER = "karim@demo.neighbourly.example"
"""Who lends his drill, one cell away from her."""

_STREET_CELL = re.compile(r"89[0-9a-f]{13}")
_ADDRESS = re.compile(r"[a-z]+@demo\.neighbourly\.example")


class DemoContentError(ValueError):
    """The demo's files contradict themselves; says where."""


@dataclass(frozen=True)
class DemoNeighbour:
    """One account of the demo. `cell` is the home (H3, resolution 9), `quartier` the code of the quartier it lies in.

    None in `quiet_hours` (from, to; local time), `away_days` and `asks_per_week` means: as preset for everyone.
    """

    email: str
    display_name: str
    language: str
    bio: str | None
    quartier: str
    cell: str
    interests: tuple[str, ...]
    quiet_hours: tuple[time, time] | None
    away_days: int | None
    asks_per_week: int | None
    association: bool


@dataclass(frozen=True)
class DemoListing:
    """One offer or request; `owner` is its neighbour's e-mail address, `terms` "lend" or "give" for items, else None.

    An `open_request` is published and asked about; the other requests were answered before.
    """

    owner: str
    direction: str
    kind: Kind
    category: str
    title: str
    description: str
    language: str
    terms: str | None
    quantity: int
    helpers_needed: int | None
    open_request: bool


@dataclass(frozen=True)
class DemoNeighbourhood:
    """All of it; `boundaries` is the content of `BOUNDARIES_FILE`."""

    neighbours: tuple[DemoNeighbour, ...]
    listings: tuple[DemoListing, ...]
    boundaries: Mapping[str, Any]


def load() -> DemoNeighbourhood:
    """Read the demo's files; raise DemoContentError with one sentence where they contradict themselves."""
    found = DemoNeighbourhood(
        neighbours=tuple(_neighbour(entry) for entry in _read("neighbours.json")),
        listings=tuple(_listing(entry) for entry in _read("listings.json")),
        boundaries=_read("quartiers.geojson"),
    )
    check(found)
    return found


def check(neighbourhood: DemoNeighbourhood) -> None:
    """Raise DemoContentError at the first account or listing that the product could not take as it stands."""
    quartiers = {feature["properties"]["code"] for feature in neighbourhood.boundaries["features"]}
    emails = Counter(neighbour.email for neighbour in neighbourhood.neighbours)
    for neighbour in neighbourhood.neighbours:
        _check_neighbour(neighbour, quartiers, emails)
    for listing in neighbourhood.listings:
        _check_listing(listing, emails)


def _read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


def _neighbour(entry: dict[str, Any]) -> DemoNeighbour:
    quiet = entry.get("quiet_hours")
    return DemoNeighbour(
        email=entry["email"],
        display_name=entry["display_name"],
        language=entry["language"],
        bio=entry["bio"],
        quartier=entry["quartier"],
        cell=entry["cell"],
        interests=tuple(entry["interests"]),
        quiet_hours=(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None,
        away_days=entry.get("away_days"),
        asks_per_week=entry.get("asks_per_week"),
        association=entry.get("association", False),
    )


def _listing(entry: dict[str, Any]) -> DemoListing:
    category = CATEGORIES.get(entry["category"])
    if category is None:
        raise DemoContentError(f"“{entry['title']}” has an unknown category, {entry['category']}")
    return DemoListing(
        owner=entry["owner"],
        direction=entry["direction"],
        kind=category.kind,
        category=category.slug,
        title=entry["title"],
        description=entry["description"],
        language=entry["language"],
        terms=entry.get("terms"),
        quantity=entry.get("quantity", 1),
        helpers_needed=entry.get("helpers_needed"),
        open_request=entry.get("open_request", False),
    )


def _check_neighbour(neighbour: DemoNeighbour, quartiers: set[str], emails: Counter[str]) -> None:
    who = neighbour.email
    _require(_ADDRESS.fullmatch(who) is not None, f"{who} is no address of the demo")
    _require(emails[who] == 1, f"{who} is there more than once")
    _require(neighbour.language in ("fr", "en"), f"{who} speaks {neighbour.language}, which the product doesn't")
    _require(neighbour.quartier in quartiers, f"{who} lives in an unknown quartier, {neighbour.quartier}")
    _require(_STREET_CELL.fullmatch(neighbour.cell) is not None, f"{who} has no home cell of resolution 9")
    unknown = [slug for slug in neighbour.interests if slug not in CATEGORIES]
    _require(not unknown, f"{who} is interested in unknown categories: {', '.join(unknown)}")


def _check_listing(listing: DemoListing, emails: Counter[str]) -> None:
    what = f"“{listing.title}”"
    _require(listing.owner in emails, f"{what} belongs to nobody: {listing.owner}")
    _require(listing.direction in ("offer", "request"), f"{what} is neither offer nor request")
    _require(3 <= len(listing.title) <= 80, f"{what} has {len(listing.title)} characters, not 3 to 80")
    _require(len(listing.description) <= 4000, f"{what} has a description of over 4000 characters")
    _require((listing.terms in ("lend", "give")) == (listing.kind == "item"), f"{what} has terms that don't fit")
    is_request = listing.direction == "request"
    _require(is_request or not listing.open_request, f"{what} is an offer and cannot be an open request")
    _require(is_request or listing.helpers_needed is None, f"{what} is an offer and needs no helpers")
    _require(listing.quantity >= 1, f"{what} has no copy")


def _require(true: bool, otherwise: str) -> None:
    if not true:
        raise DemoContentError(otherwise)
