"""Taking a copy for a time, and giving it free. Each locks the copies of the listing first (BOK-01)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from neighbourly.bookings import selectors
from neighbourly.bookings.availability import Slot, fits
from neighbourly.bookings.errors import AlreadyBooked, ItemUnavailable, LoanTooLong, NotAvailable
from neighbourly.bookings.models import Copy, Occupation
from neighbourly.bookings.service.copies import Copies, hold_copies
from neighbourly.bookings.wall_clock import days_after
from neighbourly.core.db import db
from neighbourly.core.errors import require
from neighbourly.listings.models import Listing

Period = Range[datetime]


def check_available(*, listing: Listing, starts_at: datetime, ends_at: datetime | None) -> None:
    """Things are had, and help is given, when the owner offers it and is there; raises `NotAvailable`."""
    wanted = Slot(starts_at, ends_at or starts_at + timedelta(minutes=1))
    availability = selectors.availability_of(listing)
    require(fits(availability, wanted, throughout=listing.kind != "item"), NotAvailable)


def check_length(*, listing: Listing, starts_at: datetime, ends_at: datetime | None) -> None:
    """No loan is longer than the owner lends it, in days on their wall clock; raises `LoanTooLong` (BOK-03)."""
    longest = listing.max_loan_days
    if longest is not None and ends_at is not None:
        latest = days_after(starts_at, longest, selectors.time_zone_of(listing.owner_id))
        require(ends_at <= latest, LoanTooLong)


def check_free(*, listing: Listing, starts_at: datetime, ends_at: datetime | None) -> None:
    """Nobody asks for a time at which others have every copy, or are promised it; raises `AlreadyBooked` (BOK-10)."""
    require(not selectors.is_taken(listing, Slot(starts_at, ends_at or selectors.FOREVER)), AlreadyBooked)


def occupy(*, listing: Listing, holder_id: UUID, starts_at: datetime, ends_at: datetime | None) -> Occupation:
    """From now on a copy is taken for that time, and nobody else's; raises `AlreadyBooked` or `ItemUnavailable`."""
    period = period_of(listing, starts_at, ends_at)
    occupation = Occupation(holder_id=holder_id, copy_id=_free_copy(listing, period).id, period=period)
    write_occupation(occupation)
    return occupation


def check_extension(*, listing: Listing, holder_id: UUID, ends_at: datetime) -> Occupation:
    """What somebody has in hand they may keep until then, unless the next one waits for it; copies locked.

    Raises `AlreadyBooked` or `ItemUnavailable`.
    """
    selectors.lock_copies(listing.id)
    occupation = selectors.find_occupation(holder_id)
    require(occupation is not None, ItemUnavailable)
    assert occupation is not None  # noqa: S101  # required in the line before
    period = period_of(listing, begin_of(occupation), ends_at)
    require(not selectors.taken_copies([occupation.copy_id], period, but=[holder_id]), AlreadyBooked)
    return occupation


def extend(*, listing: Listing, holder_id: UUID, ends_at: datetime) -> None:
    """What somebody has in hand they keep longer; raises `AlreadyBooked` or `ItemUnavailable`."""
    occupation = check_extension(listing=listing, holder_id=holder_id, ends_at=ends_at)
    write_occupation(occupation, period=period_of(listing, begin_of(occupation), ends_at))


def prolong_overdue(*, listing: Listing, holder_id: UUID) -> list[UUID]:
    """A late loan runs on until the next one begins, or without an end; the next gets another copy if one is free.

    Returns the holders who have to wait for it (BOK-07).
    """
    selectors.lock_copies(listing.id)
    late = selectors.find_occupation(holder_id)
    if late is None:
        return []
    following = selectors.next_after(late)
    while following is not None and _moved_to_another_copy(listing, following):
        following = selectors.next_after(late)
    _hold_again(late)
    write_occupation(late, period=Range(late.period.lower, None if following is None else following.period.lower))
    return [] if following is None else [following.holder_id]


def _hold_again(occupation: Occupation) -> None:
    """The holder has it, unless somebody else has it by now."""
    if not selectors.list_in_hand([occupation.copy_id]):
        occupation.in_hand = True


def _moved_to_another_copy(listing: Listing, occupation: Occupation) -> bool:
    """Whether it is to be had from another copy; what somebody has in hand stays the same thing."""
    if occupation.in_hand:
        return False
    free = _find_free_copy(hold_copies(listing), occupation.period)
    if free is None:
        return False
    write_occupation(occupation, copy_id=free.id)
    return True


def cancel(*, listing: Listing, holder_id: UUID) -> None:
    """What nobody had was never taken."""
    selectors.lock_copies(listing.id)
    occupation = selectors.find_occupation(holder_id)
    if occupation is not None:
        db.session.delete(occupation)
        db.session.flush()


def give_back(*, listing: Listing, holder_id: UUID, now: datetime, rests: bool = True) -> None:
    """What is left of the time is free again; what was given away and comes back is there again.

    `rests`: after the listing's pause; without it where the next has it already.
    """
    copies = selectors.lock_copies(listing.id)
    occupation = selectors.find_occupation(holder_id)
    if occupation is None:
        return
    for copy in copies:
        if copy.id == occupation.copy_id:
            copy.retired_at = None
    occupation.in_hand = False
    if occupation.period.upper is None or occupation.period.upper > now:
        until = _rested(listing, occupation, now) if rests else now
        occupation.period = Range(occupation.period.lower, until)
    db.session.flush()


def take_again(*, listing: Listing, holder_id: UUID, ends_at: datetime) -> None:
    """What was given back, it was said, and was not: it is taken until that end, or until somebody else has it."""
    selectors.lock_copies(listing.id)
    occupation = selectors.find_occupation(holder_id)
    if occupation is None:
        return
    _hold_again(occupation)
    following = selectors.next_after(occupation)
    until = ends_at + timedelta(minutes=listing.pause_minutes)
    until = until if following is None else min(until, begin_of(following))
    if occupation.period.upper is not None and until > occupation.period.upper:
        write_occupation(occupation, period=Range(occupation.period.lower, until))


def find_next_holder(holder_id: UUID) -> UUID | None:
    """Who has the same copy next, if anybody."""
    occupation = selectors.find_occupation(holder_id)
    following = None if occupation is None else selectors.next_after(occupation)
    return None if following is None else following.holder_id


def _rested(listing: Listing, occupation: Occupation, now: datetime) -> datetime:
    """When the copy can be lent again: after its pause, unless the next one has it before that."""
    ends = now + timedelta(minutes=listing.pause_minutes)
    following = selectors.next_after(occupation)
    return ends if following is None else min(ends, max(now, begin_of(following)))


def retire(*, listing: Listing, holder_id: UUID, now: datetime) -> bool:
    """A copy that was given away is gone for good; whether it was the last."""
    copies = selectors.lock_copies(listing.id)
    occupation = selectors.find_occupation(holder_id)
    for copy in copies:
        if occupation is not None and copy.id == occupation.copy_id:
            copy.retired_at = now
    db.session.flush()
    return len([copy for copy in copies if copy.retired_at is not None]) >= listing.quantity


def begin_of(occupation: Occupation) -> datetime:
    """When it begins: every occupation does."""
    begins = occupation.period.lower
    assert begins is not None  # noqa: S101  # only ends are left open
    return begins


def period_of(listing: Listing, starts_at: datetime, ends_at: datetime | None) -> Period:
    """The time that a booking takes: its own and the pause after it; without an upper bound while nobody knows."""
    return Range(starts_at, None if ends_at is None else ends_at + timedelta(minutes=listing.pause_minutes))


def _find_free_copy(held: Copies, period: Period) -> Copy | None:
    """The first that nobody has or is promised over that time."""
    usable = held.usable
    taken = selectors.taken_copies([copy.id for copy in usable], period)
    return next((copy for copy in usable if copy.id not in taken), None) or held.add()


def _free_copy(listing: Listing, period: Period) -> Copy:
    held = hold_copies(listing)
    require(bool(held.usable) or held.has_more, ItemUnavailable)
    free = _find_free_copy(held, period)
    if free is None:
        raise AlreadyBooked()
    return free


def write_occupation(occupation: Occupation, **changes: Period | UUID | bool) -> None:
    """Write it, changed so, and let the database judge: whatever the code believed, two that overlap are refused.

    What went before stays as it was written, and can be read on (BOK-02). Raises `AlreadyBooked`.
    """
    try:
        with db.session.begin_nested():
            for name, value in changes.items():
                setattr(occupation, name, value)
            db.session.add(occupation)
            db.session.flush()
    except IntegrityError as reason:
        raise AlreadyBooked() from reason
