"""An edit of a listing on which exchanges rest: what would break one is refused, what matters to its reader told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from neighbourly.answers.terms import digest_words
from neighbourly.bookings.errors import LoanTooLong
from neighbourly.bookings.service import check_length
from neighbourly.core.db import db
from neighbourly.core.errors import Fault
from neighbourly.core.events import publish
from neighbourly.exchanges import selectors
from neighbourly.exchanges.events import ThingEdited
from neighbourly.exchanges.lifecycle import LOAN
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.errors import ExchangeOpen
from neighbourly.listings.models import Listing

AGREED_ON = frozenset({"kind", "terms"})
"""Neither may change while something agreed rests on it; nor may `max_loan_days` become too few for it."""
WORDS = frozenset({"title", "description"})
READ = AGREED_ON | WORDS | {"needed_from", "needed_until"}
"""What the other side read before it agreed, or before it answers."""
RESTED_ON = READ | {"max_loan_days"}


def take_edit(*, listing_id: UUID, before: Mapping[str, Any]) -> None:
    """What is agreed stays possible, and whoever agreed or is asked hears what is different (BOK-12).

    `before`: by field, what the listing said. What is only proposed refuses nothing: it cannot be accepted any more.
    Raises `ExchangeOpen`, which names the exchange and points at the field.
    """
    if not RESTED_ON & before.keys():
        return
    listing = db.session.get_one(Listing, listing_id)
    resting = selectors.list_resting_on(listing_id)
    for exchange, field in _broken(listing, before, [each for each in resting if each.state != "proposed"]):
        raise ExchangeOpen(exchange_id=str(exchange.id), faults=[Fault(f"/{field}", "agreed", ExchangeOpen.title)])
    if any(_is_other(listing, field, before[field]) for field in READ & before.keys()):
        for exchange in resting:
            publish(ThingEdited(exchange.id, listing.owner_id))


def _broken(listing: Listing, before: Mapping[str, Any], agreed: Sequence[Exchange]) -> Iterator[tuple[Exchange, str]]:
    """What of the agreed could not go on as it was agreed, and by which field."""
    for field in sorted(AGREED_ON & before.keys()):
        if _is_other(listing, field, before[field]):
            yield from ((exchange, field) for exchange in agreed)
    if "max_loan_days" in before and _is_less(listing.max_loan_days, before["max_loan_days"]):
        of_this = (exchange for exchange in agreed if exchange.listing_id == listing.id)
        yield from ((exchange, "max_loan_days") for exchange in of_this if _is_longer(exchange, listing))


def _is_other(listing: Listing, field: str, before: Any) -> bool:
    """Whether it says something else: other capitals and signs do not, nor does a loan that is said to be one."""
    now = getattr(listing, field)
    if field in WORDS:
        return digest_words(now) != digest_words(before)
    if field == "terms" and listing.kind == "item":
        return bool((now or "lend") != (before or "lend"))
    return bool(now != before)


def _is_less(now: int | None, before: int | None) -> bool:
    """Whether a bound became narrower; None bounds nothing."""
    return now is not None and (before is None or now < before)


def _is_longer(exchange: Exchange, listing: Listing) -> bool:
    """Whether it was agreed for longer than the listing lends it by now."""
    if exchange.kind != LOAN:
        return False
    begins = max(exchange.starts_at, exchange.handed_over_at or exchange.starts_at)
    try:
        check_length(listing=listing, starts_at=begins, ends_at=exchange.ends_at)
    except LoanTooLong:
        return True
    return False
