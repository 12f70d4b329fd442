"""What must agree within a listing, whatever was changed of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from neighbourly.core import clock
from neighbourly.core.errors import Fault, InvalidInput, Words
from neighbourly.listings.expiry import LONGEST_NEED
from neighbourly.listings.models import Listing

OF_REQUESTS = {"needed_from": None, "needed_until": None, "helpers_needed": 1, "circle": None}
OF_OFFERS: Mapping[str, object] = {"no_expiry": False, "availability": [], "unavailable": [], "pause_minutes": 0}
OF_ITEMS: Mapping[str, object] = {"terms": None, "max_loan_days": None, "pause_minutes": 0}
"""Fields that only some listings have, and what they hold in the others."""
JUST_PAST = timedelta(days=1)
"""What is needed already may be said to have begun so long ago, and no longer."""
PASSED: Words = {"fr": "Ce moment est passé.", "en": "This moment has passed."}


def settle(listing: Listing, said: Collection[str], now: datetime, *, changed: Collection[str] | None = None) -> None:
    """Give what was not said the value it must have; raises a 422 that names each field `said` in vain.

    What was said and is as before is held against no clock: `changed` names the rest, if that is not all.
    """
    if listing.kind != "item":
        for field, nothing in OF_ITEMS.items():
            if field not in said:
                setattr(listing, field, nothing)
    elif listing.terms is None and listing.direction == "offer":
        listing.terms = "lend"
    faults = [*_misplaced(listing), *_untimely(listing, said if changed is None else changed, now)]
    if faults:
        raise InvalidInput(faults=faults)


def _misplaced(listing: Listing) -> Iterator[Fault]:
    """Faults of fields that belong to listings of another direction or kind."""
    if listing.direction == "offer":
        words = {"fr": "Seule une demande a ce champ.", "en": "Only a request has this field."}
        yield from _filled(listing, OF_REQUESTS, "only_for_requests", words)
    else:
        words = {"fr": "Seule une offre a ce champ.", "en": "Only an offer has this field."}
        yield from _filled(listing, OF_OFFERS, "only_for_offers", words)
    if listing.kind != "item":
        words = {"fr": "Seul un objet a ce champ.", "en": "Only an item has this field."}
        yield from _filled(listing, OF_ITEMS, "only_for_items", words)


def _filled(listing: Listing, fields: Mapping[str, object], code: str, words: Words) -> Iterator[Fault]:
    for field, nothing in fields.items():
        if getattr(listing, field) != nothing:
            yield Fault(f"/{field}", code, words)


def _untimely(listing: Listing, said: Collection[str], now: datetime) -> Iterator[Fault]:
    """Faults of a need's time; an end that has passed meanwhile is one only if it was said just now."""
    start, end = listing.needed_from, listing.needed_until
    if start is not None and end is not None and start >= end:
        words = {"fr": "La fin doit venir après le début.", "en": "The end must come after the beginning."}
        yield Fault("/needed_until", "ends_before_it_begins", words)
    if "needed_until" in said and end is not None and clock.has_passed(end, now):
        yield Fault("/needed_until", "in_the_past", PASSED)
    if "needed_from" in said and start is not None and start < now - JUST_PAST:
        yield Fault("/needed_from", "in_the_past", PASSED)
    for field, moment in (("needed_from", start), ("needed_until", end)):
        if field in said and moment is not None and clock.is_beyond(moment, now, LONGEST_NEED):
            words = {"fr": "C'est à plus d'un an.", "en": "This is more than a year away."}
            yield Fault(f"/{field}", "too_far_ahead", words)
