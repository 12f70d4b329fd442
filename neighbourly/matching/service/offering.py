"""A new offer is told to those whose open request, or standing interest, it is likely to meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from neighbourly.core.cells import metres_between
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.jobs import defer
from neighbourly.core.language import stems, telling_words, words_among
from neighbourly.core.language.encoding import Vectors, unpack
from neighbourly.listings.models import Listing
from neighbourly.listings.reading import get_reader, text_of
from neighbourly.matching import selectors
from neighbourly.matching.events import OfferMatched
from neighbourly.matching.people import Need
from neighbourly.matching.rule import LIKELY_LIKENESS, TITLE_LIKENESS
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
    said = _read(offer, listing)
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


@dataclass(frozen=True)
class Said:
    """An offer as searches are held against it: the stems of its title, and of all of it; what its title means."""

    in_title: frozenset[str]
    at_all: frozenset[str]
    title: Vectors | None


def _read(offer: Need, listing: Listing) -> Said:
    """The title alone is read here, in the job that understood the whole; None where another version did."""
    reader = None if offer.vector is None else get_reader()
    is_same = reader is not None and reader.version == offer.encoder
    title = reader.read([text_of(listing.title)])[0] if reader is not None and is_same else None
    return Said(stems(listing.title), stems(f"{listing.title} {listing.description}"), title)


def _is_wished(search: StandingSearch, like: float | None, said: Said) -> bool:
    """By all of its words that say anything, in the title; or by the meaning of the whole, if the title is about it.

    A text of a thousand words holds everybody's, and means a little of all.
    """
    wished = telling_words(search.q)
    if wished and words_among(wished, said.in_title) == wished:
        return True
    if like is None or said.title is None or search.vector is None:
        return False
    holds = bool(wished) and words_among(wished, said.at_all) == wished
    return (like >= LIKELY_LIKENESS or holds) and float(unpack([search.vector])[0] @ said.title) >= TITLE_LIKENESS
