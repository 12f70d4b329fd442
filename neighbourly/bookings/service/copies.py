"""The copies of a listing: a number, and a row for each that was ever taken, broken or given away (BOK-05).

Copies without a row are free, and alike: a thousand chairs that nobody has asked for are no rows at all (SEC-16).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from neighbourly.bookings import selectors
from neighbourly.bookings.models import Copy, Occupation
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing


@dataclass(frozen=True)
class Copies:
    """The copies of a listing, held until the transaction ends; `rows` by number, but for what left for good."""

    listing: Listing
    rows: list[Copy]
    numbers: frozenset[int]
    """Of all that have a row."""

    @property
    def usable(self) -> list[Copy]:
        """Those with a row that are not broken."""
        return [copy for copy in self.rows if copy.broken_at is None]

    @property
    def has_more(self) -> bool:
        """Whether there are copies without a row."""
        return len(self.numbers) < self.listing.quantity

    def add(self) -> Copy | None:
        """A row for the first copy that has none, so that it can be taken; None where each has one."""
        number = next((each for each in range(1, self.listing.quantity + 1) if each not in self.numbers), None)
        if number is None:
            return None
        copy = Copy(id=new_id(), listing_id=selectors.keeper_of(self.listing), number=number)
        db.session.add(copy)
        db.session.flush()
        return copy


def hold_copies(listing: Listing) -> Copies:
    """All copies that the listing has by its quantity, held against everyone else who would take one."""
    first = insert(Copy).values(id=new_id(), listing_id=selectors.keeper_of(listing), number=1)
    db.session.execute(first.on_conflict_do_nothing())
    rows = [copy for copy in selectors.lock_copies(listing.id) if copy.number <= listing.quantity]
    return Copies(listing, [copy for copy in rows if copy.retired_at is None], frozenset(row.number for row in rows))


def write_rows(listing: Listing, number: int | None, *, broken_at: datetime) -> list[UUID]:
    """Break what has no row yet: that copy, or all; their ids. Copies held. One statement."""
    its = selectors.keeper_of(listing)
    first, last = (1, listing.quantity) if number is None else (number, number)
    numbers = func.generate_series(first, last).column_valued("number")
    source = select(func.gen_random_uuid(), literal(its, Copy.listing_id.type), numbers, literal(broken_at))
    rows = insert(Copy).from_select(["id", "listing_id", "number", "broken_at"], source)
    return list(db.session.scalars(rows.on_conflict_do_nothing().returning(Copy.id)))


def forget_rows(listing: Listing) -> None:
    """A copy that is whole, at home and was never taken is like all others: it needs no row. Copies held."""
    its = (Copy.listing_id == selectors.keeper_of(listing), Copy.number > 1)
    whole = (Copy.broken_at.is_(None), Copy.retired_at.is_(None))
    taken = select(Occupation.copy_id).where(Occupation.copy_id == Copy.id).exists()
    db.session.execute(delete(Copy).where(*its, *whole, ~taken).execution_options(synchronize_session=False))
