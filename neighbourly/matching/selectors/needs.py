"""A listing as matching sees it."""

from __future__ import annotations

from neighbourly.core.db import db
from neighbourly.core.language import idea_of, telling_words
from neighbourly.core.language.encoding import unpack
from neighbourly.listings.models import Listing, Meaning
from neighbourly.matching.people import Need
from neighbourly.preferences.selectors import get_preferences


def need_of(listing: Listing) -> Need:
    """A listing as matching sees it; without a radius of its own it is asked around as far as its owner's reach.

    A guessed kind shuts nothing out where the meaning is known. At most two statements.
    """
    meaning = db.session.get(Meaning, listing.id, populate_existing=True)
    vector = None if meaning is None or meaning.vector is None else unpack([meaning.vector])[0]
    return Need(
        listing_id=listing.id,
        owner_id=listing.owner_id,
        kind=None if vector is not None and "kind" in listing.guessed else listing.kind,
        category=listing.category,
        words=telling_words(listing.title),
        cell=listing.cell,
        radius_m=listing.radius_m or get_preferences(listing.owner_id).reach_m,
        idea=idea_of(listing.title),
        vector=vector,
        encoder=None if meaning is None else meaning.encoder,
        needed_from=listing.needed_from,
        needed_until=listing.needed_until,
        known_first=listing.circle == "known",
    )
