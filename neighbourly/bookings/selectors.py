"""Reading bookings: which copies there are, who has them when, and who waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range

from neighbourly.accounts.models import User
from neighbourly.bookings.availability import (
    FARTHEST,
    Availability,
    Slot,
    free_slots,
    next_of_length,
    open_slots,
    within,
)
from neighbourly.bookings.models import Copy, Occupation, Waiting
from neighbourly.bookings.wall_clock import length_between
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import aliased, db
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import visible
from neighbourly.preferences.models import Preferences

A_FEW_WEEKS = timedelta(weeks=8)
MOST_IN_LINE = 500
"""So many are looked at when a copy comes free; who is farther back has not long been waiting."""
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
_Between, _Held = aliased(Occupation, name="between_them"), aliased(Occupation, name="held")
_Coming = aliased(Occupation, name="coming")


@dataclass(frozen=True)
class Calendar:
    """When a listing can be had; who has it when is nobody's business. Dumped as it is: a year has many windows."""

    time_zone: str
    copies: int
    max_loan_days: int | None
    pause_minutes: int
    windows: Sequence[Slot]
    busy: Sequence[Slot]
    free: Sequence[Slot]


@dataclass(frozen=True)
class TakenTimes:
    """How many copies can be lent, and of those that are taken for a part of a span, when (the pause included)."""

    copies: int
    by_copy: Sequence[Sequence[Slot]]

    @property
    def alike(self) -> Sequence[Sequence[Slot]]:
        """One for each copy that is taken at all, and one for all that are not: those are free alike (SEC-16)."""
        return [*self.by_copy, []] if len(self.by_copy) < self.copies else self.by_copy

    def is_free(self, span: Slot, pause: timedelta) -> bool:
        """Whether some copy can be had over that time, which lies in the span, and rests for its pause."""
        until = span.ends_at + pause
        taken = sum(
            any(each.starts_at < until and span.starts_at < each.ends_at for each in slots) for slots in self.by_copy
        )
        return taken < self.copies


def time_zone_of(user_id: UUID) -> str:
    """Whose wall clock the windows of this person's listings are on."""
    return db.session.scalar(select(Preferences.time_zone).where(Preferences.user_id == user_id)) or clock.COUNTRYS_ZONE


def availability_of(listing: Listing) -> Availability:
    """What the owner said of when, on whose wall clock the windows are, and until when they are away; one statement."""
    wishes = select(Preferences.time_zone, Preferences.away_until).where(Preferences.user_id == listing.owner_id)
    time_zone, away_until = db.session.execute(wishes).one_or_none() or (clock.COUNTRYS_ZONE, None)
    still_away = away_until if away_until is not None and away_until > clock.now() else None
    return Availability.of(listing.availability, listing.unavailable, time_zone, still_away)


def keeper_of(listing: Listing) -> UUID:
    """The listing whose copies are taken: its own, but for private offers of what may be one thing."""
    return listing.shares_copies_of or listing.id


def lock_copies(listing_id: UUID) -> list[Copy]:
    """The copies of a listing that have a row, by number; they are the caller's until the transaction ends (BOK-01).

    Whoever holds the first holds all: where any has a row, the first one has. What is read is read thereafter.
    """
    own = func.coalesce(Listing.shares_copies_of, Listing.id)
    keeper = select(own).where(Listing.id == listing_id).scalar_subquery()
    theirs = select(Copy).where(Copy.listing_id == keeper)
    db.session.execute(theirs.with_only_columns(Copy.id).where(Copy.number == 1).with_for_update())
    return list(db.session.scalars(theirs.order_by(Copy.number).execution_options(populate_existing=True)))


def find_occupation(holder_id: UUID) -> Occupation | None:
    """What an exchange has taken, if anything."""
    return db.session.get(Occupation, holder_id, populate_existing=True)


def taken_copies(copy_ids: Sequence[UUID], period: Range[datetime], *, but: Sequence[UUID] = ()) -> set[UUID]:
    """Which of these copies somebody (but these holders) has during a part of the period.

    What is overdue is still out, whatever end was agreed: it is taken until the next booking begins.
    """
    now = clock.now()
    until_then = Range(now, max(now, period.lower or now), bounds="[]")
    others = _Between.copy_id == Occupation.copy_id, _Between.holder_id.not_in(but)
    next_booking = exists().where(*others, _Between.period.op("&&")(literal(until_then, TSTZRANGE())))
    overdue = and_(Occupation.in_hand, func.upper(Occupation.period) <= now, not_(next_booking))
    during = Occupation.period.op("&&")(literal(period, TSTZRANGE()))
    taken = select(Occupation.copy_id).where(
        Occupation.copy_id.in_(copy_ids), Occupation.holder_id.not_in(but), or_(during, overdue)
    )
    return set(db.session.scalars(taken))


def list_in_hand(copy_ids: Sequence[UUID]) -> Sequence[Occupation]:
    """The occupations of these copies that are in somebody's hands, by copy."""
    held = select(Occupation).where(Occupation.copy_id.in_(copy_ids), Occupation.in_hand).order_by(Occupation.copy_id)
    return db.session.scalars(held.execution_options(populate_existing=True)).all()


def list_occupations(holder_ids: Sequence[UUID]) -> Sequence[Occupation]:
    """What these holders have taken."""
    theirs = select(Occupation).where(Occupation.holder_id.in_(holder_ids))
    return db.session.scalars(theirs.execution_options(populate_existing=True)).all()


def list_coming(copy_ids: Collection[UUID], after: datetime) -> Sequence[Occupation]:
    """Who holds any of these copies now or will, in the order of time; one statement."""
    holding = select(Occupation).where(
        Occupation.copy_id.in_(copy_ids), func.coalesce(func.upper(Occupation.period), FOREVER) > after
    )
    return db.session.scalars(holding.order_by(func.lower(Occupation.period))).all()


def next_after(occupation: Occupation) -> Occupation | None:
    """The next that is to have the same copy."""
    later = select(Occupation).where(
        Occupation.copy_id == occupation.copy_id,
        Occupation.holder_id != occupation.holder_id,
        func.lower(Occupation.period) >= occupation.period.lower,
    )
    return db.session.scalars(later.order_by(func.lower(Occupation.period)).limit(1)).one_or_none()


def view_calendar(listing: Listing, span: Slot) -> Calendar:
    """The calendar of a listing over a span; three statements."""
    availability = availability_of(listing)
    offered = open_slots(availability, span)
    windows = offered if listing.availability else []
    if listing.kind != "item":
        return Calendar(availability.time_zone, 0, None, 0, windows, [], offered)
    taken = list_taken_times(listing, span)
    pause = timedelta(minutes=listing.pause_minutes)
    free = free_slots(availability, span, taken.alike, pause=pause, offered=offered)
    busy = [shown for slots in taken.by_copy for each in slots if (shown := within(each, span)) is not None]
    return Calendar(
        availability.time_zone, taken.copies, listing.max_loan_days, listing.pause_minutes, windows, sorted(busy), free
    )


def list_taken_times(listing: Listing, span: Slot) -> TakenTimes:
    """When its copies are taken (the pause included); copies that have no row are free. One statement."""
    now = clock.now()
    until = span.ends_at + timedelta(minutes=listing.pause_minutes)
    during = Occupation.period.op("&&")(literal(Range(span.starts_at, until), TSTZRANGE()))
    unusable = or_(Copy.broken_at.is_not(None), Copy.retired_at.is_not(None))
    is_overdue, next_begins = _overdue(now)
    rows = db.session.execute(
        select(Copy.id, unusable.label("is_unusable"), Occupation.period, is_overdue, next_begins)
        .outerjoin(Occupation, (Occupation.copy_id == Copy.id) & during)
        .where(
            Copy.listing_id == keeper_of(listing),
            Copy.number <= listing.quantity,
            or_(unusable, Occupation.holder_id.is_not(None), is_overdue),
        )
    ).all()
    usable = listing.quantity - len({row.id for row in rows if row.is_unusable})
    taken: dict[UUID, list[Slot]] = {}
    for row in rows:
        if row.is_unusable:
            continue
        if row.period is not None:
            taken.setdefault(row.id, []).append(Slot(row.period.lower, row.period.upper or FOREVER))
        if row.is_overdue and (
            late := within(Slot(min(now, span.starts_at), row.next_begins or FOREVER), Slot(span.starts_at, until))
        ):
            taken.setdefault(row.id, []).append(late)
    return TakenTimes(usable, [*taken.values()])


def _overdue(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[datetime | None]]:
    """Whether a copy is in hand past the end of all that is agreed, and when the next booking of it begins."""
    in_hand = exists().where(_Held.copy_id == Copy.id, _Held.in_hand)
    covered = exists().where(_Coming.copy_id == Copy.id, _Coming.period.op("@>")(now))
    following = select(func.min(func.lower(_Coming.period))).where(
        _Coming.copy_id == Copy.id, func.lower(_Coming.period) > now
    )
    return and_(in_hand, not_(covered)).label("is_overdue"), following.scalar_subquery().label("next_begins")


def list_my_waiting(user_id: UUID, *, limit: int, cursor: str | None) -> pagination.Page:
    """What someone waits for, newest first, as far as they may still see it."""
    statement = (
        select(
            Waiting.listing_id, Listing.title, Waiting.starts_at, Waiting.ends_at, Waiting.created_at, Waiting.asked_at
        )
        .join(Listing, Listing.id == Waiting.listing_id)
        .join(User, User.id == Listing.owner_id)
        .where(Waiting.user_id == user_id, *visible(user_id))
    )
    keys = pagination.newest_first(Waiting.created_at, Waiting.listing_id)
    return pagination.Page(*pagination.page(statement, keys, limit=limit, cursor=cursor))


def is_free(listing: Listing, span: Slot) -> bool:
    """Whether some copy can be had over that time and rests for its pause, as things stand; one statement."""
    taken = list_taken_times(listing, span)
    return len(taken.by_copy) < taken.copies


def is_taken(listing: Listing, span: Slot) -> bool:
    """Whether others have, or are promised, every copy that can be lent for a part of that time; one statement."""
    taken = list_taken_times(listing, span)
    return 0 < taken.copies == len(taken.by_copy)


def find_next_free(listing: Listing, wanted: Slot) -> Slot | None:
    """The first time of that length, not before the wanted one, at which a copy can be had; None before the horizon.

    On the owner's days and hours, as many of their days long (BOK-03); looked for among the coming weeks first, then
    as far as anything is planned.
    """
    availability = availability_of(listing)
    length = length_between(wanted.starts_at, wanted.ends_at, availability.time_zone)
    pause = timedelta(minutes=listing.pause_minutes)
    for until in (wanted.ends_at + A_FEW_WEEKS, clock.now() + FARTHEST + (wanted.ends_at - wanted.starts_at)):
        span = Slot(wanted.starts_at, max(until, wanted.ends_at))
        offered = open_slots(availability, span)
        taken = list_taken_times(listing, span)
        free = free_slots(availability, span, taken.alike, pause=pause, offered=offered)
        found = next_of_length(free, offered, length, availability.time_zone)
        if found is not None:
            return found
    return None


def list_next_begins(copy_ids: Sequence[UUID], at: datetime, *, but: Sequence[UUID]) -> dict[UUID, datetime]:
    """By copy, when the first booking of others begins that ends after this moment; absent where there is none."""
    later = (
        select(Occupation.copy_id, func.min(func.lower(Occupation.period)).label("begins"))
        .where(
            Occupation.copy_id.in_(copy_ids),
            Occupation.holder_id.not_in(but),
            func.coalesce(func.upper(Occupation.period), FOREVER) > at,
        )
        .group_by(Occupation.copy_id)
    )
    return {row.copy_id: row.begins for row in db.session.execute(later)}


def list_line(listing_id: UUID) -> Sequence[Waiting]:
    """Those in line who have not been asked, are there, and may still see the listing, the first five hundred; locked.

    Who is away keeps their place, and is not asked (NOT-01).
    """
    away = exists().where(Preferences.user_id == Waiting.user_id, Preferences.away_until > clock.now())
    line = (
        select(Waiting)
        .join(Listing, Listing.id == Waiting.listing_id)
        .join(User, User.id == Listing.owner_id)
        .where(Waiting.listing_id == listing_id, Waiting.asked_at.is_(None), ~away, *visible(Waiting.user_id))
        .order_by(Waiting.created_at, Waiting.user_id)
        .limit(MOST_IN_LINE)
    )
    return db.session.scalars(line.with_for_update(of=Waiting, skip_locked=True)).all()


def list_untold_turns(since: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The turns that came since then of which nobody was reminded, by listing, with their person's quiet hours."""
    turns = (
        select(
            Waiting.listing_id,
            Waiting.user_id,
            Waiting.asked_at,
            Preferences.quiet_from,
            Preferences.quiet_to,
            Preferences.time_zone,
        )
        .join(Preferences, Preferences.user_id == Waiting.user_id)
        .where(Waiting.asked_at > since, Waiting.reminded_at.is_(None))
    )
    return db.session.execute(turns.order_by(Waiting.listing_id, Waiting.user_id)).all()


def list_lines(user_id: UUID) -> Sequence[Waiting]:
    """The lines in which somebody stands, by listing."""
    theirs = select(Waiting).where(Waiting.user_id == user_id).order_by(Waiting.listing_id)
    return db.session.scalars(theirs.execution_options(populate_existing=True)).all()


def list_waiting_for(owner_id: UUID) -> Sequence[Waiting]:
    """Who waits for a thing of somebody's."""
    waiting = select(Waiting).join(Listing, Listing.id == Waiting.listing_id).where(Listing.owner_id == owner_id)
    return db.session.scalars(waiting.order_by(Waiting.listing_id, Waiting.user_id)).all()


def count_lines(user_id: UUID) -> int:
    """In how many lines somebody stands."""
    return db.session.scalar(select(func.count()).where(Waiting.user_id == user_id)) or 0


def is_turn_open(listing_id: UUID) -> bool:
    """Whether somebody's turn is under way."""
    asked = select(Waiting.user_id).where(Waiting.listing_id == listing_id, Waiting.asked_at > clock.now() - TURN)
    return db.session.scalar(asked.limit(1)) is not None


TURN = timedelta(hours=24)
