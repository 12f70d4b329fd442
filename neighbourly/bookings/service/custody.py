"""Who has which copy in hand: one copy is with one person (BOK-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from neighbourly.bookings import selectors
from neighbourly.bookings.errors import AlreadyBooked, ItemUnavailable
from neighbourly.bookings.models import Occupation
from neighbourly.bookings.service.copies import hold_copies
from neighbourly.bookings.service.occupying import period_of, write_occupation
from neighbourly.core.db import db
from neighbourly.core.errors import require
from neighbourly.listings.models import Listing


@dataclass(frozen=True)
class CopyChoice:
    """The copy to hand over, and the holders whose loans of it end by that; none where it is at home."""

    copy_id: UUID
    returned_by: tuple[UUID, ...] = ()


def choose_copy(
    *, listing: Listing, holder_id: UUID, starts_at: datetime, ends_at: datetime | None, out: Sequence[UUID]
) -> CopyChoice:
    """The copy that this holder can have over that time: the one promised, another at home, or one that is out.

    `out`: the holders who have a copy, the first due first. Locks the copies. Raises `ItemUnavailable`, and
    `AlreadyBooked` where another booking lies in that time on each of them.
    """
    period = period_of(listing, starts_at, ends_at)
    copies = hold_copies(listing)
    promised = selectors.find_occupation(holder_id)
    own = [] if promised is None else [promised.copy_id]
    copy_ids = list(dict.fromkeys([*own, *(copy.id for copy in copies.usable)]))
    require(bool(copy_ids) or copies.has_more, ItemUnavailable)
    held = _holders_by_copy(out)
    _release_all_but(out, copy_ids)
    taken = selectors.taken_copies(copy_ids, period, but=(holder_id, *out))
    free = [copy_id for copy_id in copy_ids if copy_id not in taken]
    at_home = [CopyChoice(copy_id) for copy_id in free if copy_id not in held]
    if not at_home and (added := copies.add()) is not None:
        at_home = [CopyChoice(added.id)]
    promised_first = [
        CopyChoice(copy_id, held[copy_id]) for copy_id in [*own, *held] if copy_id in free and copy_id in held
    ]
    require(bool(at_home or promised_first), AlreadyBooked)
    return (at_home or promised_first)[0]


def find_latest_end(
    *, listing: Listing, holder_id: UUID, starts_at: datetime, out: Sequence[UUID] = ()
) -> datetime | None:
    """Until when this holder could have a copy from then on, before the next booking; None where not at all.

    As `choose_copy` looks at it; a holder who has one already keeps that one.
    """
    promised = selectors.find_occupation(holder_id)
    in_hand = promised is not None and promised.in_hand
    copy_ids = [] if in_hand else [copy.id for copy in hold_copies(listing).usable]
    copy_ids += [] if promised is None else [promised.copy_id]
    begins = selectors.list_next_begins(copy_ids, starts_at, but=(holder_id, *out))
    latest = max(begins.values(), default=starts_at) - timedelta(minutes=listing.pause_minutes)
    return latest if latest > starts_at else None


def _release_all_but(out: Sequence[UUID], copy_ids: Sequence[UUID]) -> None:
    """Who gave it back while an older version served may still stand as having it."""
    for each in selectors.list_in_hand(copy_ids):
        each.in_hand = each.holder_id in out
    db.session.flush()


def _holders_by_copy(out: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Who says, or is said, to have which copy, the first due first."""
    copies = {each.holder_id: each.copy_id for each in selectors.list_occupations(out)}
    held: dict[UUID, tuple[UUID, ...]] = {}
    for holder_id in out:
        if holder_id in copies:
            held[copies[holder_id]] = (*held.get(copies[holder_id], ()), holder_id)
    return held


def take_in_hand(
    *, listing: Listing, holder_id: UUID, copy_id: UUID, starts_at: datetime, ends_at: datetime | None
) -> None:
    """From now on this holder has that copy and nobody else, whose loans have ended (copies locked).

    Raises `AlreadyBooked`.
    """
    occupation = selectors.find_occupation(holder_id) or Occupation(holder_id=holder_id)
    period = period_of(listing, starts_at, ends_at)
    write_occupation(occupation, copy_id=copy_id, period=period, in_hand=True)
