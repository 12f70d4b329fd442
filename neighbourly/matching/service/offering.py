"""A new offer is told to those whose open request, or standing interest, it is likely to meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from neighbourly.core.cells import metres_between
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.jobs import defer
from neighbourly.core.language import stems, telling_words, words_among
from neighbourly.listings.models import Listing
from neighbourly.matching import selectors
from neighbourly.matching.events import OfferMatched
from neighbourly.matching.people import Need
from neighbourly.matching.rule import LIKELY_LIKENESS
from neighbourly.preferences.selectors import StandingSearch, list_searches_reaching

SEARCHES = 500
"""So many at a time."""


def announce_offer(*, listing_id: UUID) -> None:
    """An offer that is shown is looked at for whom it could help, once it is understood; where nobody waits, never."""
    listing = db.session.get_one(Listing, listing_id)
    if listing.direction == "offer" and listing.status == "published" and selectors.somebody_waits(listing):
        defer("matching.tell_of_offer", once=True, listing_id=listing_id)


def tell_of_offer(*, listing_id: UUID) -> None:
    """Whoever asked for it, or wished to hear of it, is told: once, however many of their wishes it meets."""
    listing = db.session.get(Listing, listing_id)
    if listing is None or listing.direction != "offer" or listing.status != "published":
        return
    offer = selectors.need_of(listing)
    people = {*selectors.list_askers_met_by(offer, listing.updated_at), *_searchers(offer, listing)}
    if people:
        publish(OfferMatched(listing.id, tuple(sorted(people))))


def _searchers(offer: Need, listing: Listing) -> Collection[UUID]:
    said = stems(f"{listing.title} {listing.description}")
    people: set[UUID] = set()
    for searches in _batches(offer):
        near = [each for each in searches if metres_between(each.home, offer.cell) <= each.radius_m]
        likes = selectors.likenesses(offer, [each.vector if each.encoder == offer.encoder else None for each in near])
        people.update(each.user_id for each, like in zip(near, likes, strict=True) if _is_wished(each, like, said))
    return people


def _batches(offer: Need) -> Iterator[list[StandingSearch]]:
    """All searches that reach the offer, some hundred at a time."""
    after: UUID | None = None
    while True:
        batch = list_searches_reaching(
            offer.cell, kind=offer.kind, category=offer.category, but_for=offer.owner_id, limit=SEARCHES, after=after
        )
        yield batch
        if len(batch) < SEARCHES:
            return
        after = batch[-1].id


def _is_wished(search: StandingSearch, like: float | None, said: frozenset[str]) -> bool:
    """By its meaning, or by all of its words that say anything."""
    if (like or 0.0) >= LIKELY_LIKENESS:
        return True
    wished = telling_words(search.q)
    return bool(wished) and words_among(wished, said) == wished
