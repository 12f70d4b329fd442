"""What a thing is called that has no listing of its own: pure."""

from __future__ import annotations

from neighbourly.core.errors import Words
from neighbourly.core.language import subject_of
from neighbourly.listings import categories
from neighbourly.listings.models import Listing

SOMETHING: Words = {"fr": "Un objet", "en": "A thing"}


def name_for(request: Listing, title: str = "") -> str:
    """As its owner calls it; else as the need does, without its way of asking; else what its category says it is."""
    return title or subject_of(request.title) or name_of_category(request)


def name_of_category(listing: Listing) -> str:
    """What it is as far as its category says so: in nobody's own words."""
    filed = categories.get(listing.category) if listing.category else None
    return filed.name[listing.language] if filed else SOMETHING[listing.language]
