"""Waiting for a copy: the next in line is asked when one comes free, and has a day to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Delete, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts.selectors import Actor
from neighbourly.bookings import selectors
from neighbourly.bookings.availability import FARTHEST, Slot
from neighbourly.bookings.errors import OwnThing, TooManyLines
from neighbourly.bookings.events import LineEnded, TurnCame, TurnEnding
from neighbourly.bookings.models import Waiting
from neighbourly.bookings.selectors import TURN
from neighbourly.core import clock
from neighbourly.core.db import db, take_turns
from neighbourly.core.errors import NotFound, fault, require
from neighbourly.core.events import publish
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import get_listing
from neighbourly.preferences.lead import remind_at
from neighbourly.preferences.selectors import live_within_reach

A_MOMENT = timedelta(minutes=1)
MOST_LINES = 50
"""In so many lines somebody may stand at a time: each is looked through whenever a copy comes free."""


def wait_for(
    *, actor: Actor, listing_id: UUID, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> Waiting:
    """Whoever sees an offered thing may wait for it, once; saying it again changes the times and keeps the place.

    Where it is free already it is their turn at once, if nobody comes before them. Raises `TooManyLines`.
    """
    listing = get_listing(listing_id, actor.id)
    require(listing.direction == "offer" and listing.kind == "item", NotFound)
    require(listing.owner_id != actor.id, OwnThing)
    now = clock.now()
    if clock.is_beyond(ends_at or starts_at or now, now, FARTHEST):
        raise fault("/ends_at", "too_far_ahead", fr="C'est dans plus de deux ans.", en="This is over two years ahead.")
    new = db.session.get(Waiting, (listing_id, actor.id)) is None
    require(not new or selectors.count_lines(actor.id) < MOST_LINES, TooManyLines)
    row = insert(Waiting).values(
        listing_id=listing_id, user_id=actor.id, starts_at=starts_at, ends_at=ends_at, created_at=clock.now()
    )
    again = row.on_conflict_do_update(
        index_elements=["listing_id", "user_id"], set_={"starts_at": starts_at, "ends_at": ends_at}
    )
    db.session.execute(again)
    ask_next(listing_id)
    return db.session.get_one(Waiting, (listing_id, actor.id), populate_existing=True)


def stop_waiting(*, actor: Actor, listing_id: UUID) -> None:
    """Who waits no longer leaves the line; if it was their turn, it is the next one's."""
    mine = delete(Waiting).where(Waiting.listing_id == listing_id, Waiting.user_id == actor.id)
    if db.session.scalars(mine.returning(Waiting.user_id)).one_or_none() is not None:
        ask_next(listing_id)


def ask_next(listing_id: UUID) -> None:
    """The first in line for whose time a copy is free hears that it is their turn, unless one is under way."""
    now = clock.now()
    # One at a time asks: two who look at once would each miss what the other is about to do.
    take_turns(listing_id)
    line = selectors.list_line(listing_id)
    if not line or selectors.is_turn_open(listing_id):
        return
    listing = db.session.get_one(Listing, listing_id)
    chosen = _find_first_served(listing, line, now)
    if chosen is None:
        return
    chosen.asked_at, chosen.reminded_at = now, None
    db.session.flush()
    publish(TurnCame(listing_id, chosen.user_id, now))


def _find_first_served(listing: Listing, line: Sequence[Waiting], now: datetime) -> Waiting | None:
    """The first in line for whose time a copy is free; one statement, however long the line."""
    wanted = [(each, span) for each in line if (span := _wanted(listing, each, now)) is not None]
    if not wanted:
        return None
    hull = Slot(min(span.starts_at for _, span in wanted), max(span.ends_at for _, span in wanted))
    taken = selectors.list_taken_times(listing, hull)
    pause = timedelta(minutes=listing.pause_minutes)
    return next((each for each, span in wanted if taken.is_free(span, pause)), None)


def _wanted(listing: Listing, waiting: Waiting, now: datetime) -> Slot | None:
    """When this person wants it: what is past is not to be had.

    Where they named no time that is now, or after the pause that follows a loan.
    """
    rested = now + timedelta(minutes=listing.pause_minutes)
    begins = rested if waiting.starts_at is None else max(waiting.starts_at, now)
    ends = waiting.ends_at or begins + A_MOMENT
    return Slot(begins, ends) if begins < ends else None


def remind_of_turns() -> None:
    """Whose turn it still is hears once that it ends, at an hour when they may be told (NOT-02)."""
    now = clock.now()
    for turn in selectors.list_untold_turns(now - TURN):
        if remind_at(turn.asked_at, turn.asked_at + TURN, turn) <= now and _note_reminder(turn, now):
            publish(TurnEnding(turn.listing_id, turn.user_id, turn.asked_at))


def _note_reminder(turn: Any, now: datetime) -> bool:
    """Whether it is still their turn, and nobody has reminded them of it."""
    theirs = update(Waiting).where(
        Waiting.listing_id == turn.listing_id,
        Waiting.user_id == turn.user_id,
        Waiting.asked_at == turn.asked_at,
        Waiting.reminded_at.is_(None),
    )
    noted = theirs.values(reminded_at=now).returning(Waiting.user_id)
    return db.session.scalars(noted.execution_options(synchronize_session=False)).one_or_none() is not None


def end_turns(limit: int) -> int:
    """A turn that passed without a proposal is over, and the next one is asked; how many ended."""
    over = select(Waiting).where(Waiting.asked_at <= clock.now() - TURN).order_by(Waiting.asked_at).limit(limit)
    ended = db.session.scalars(over.with_for_update(skip_locked=True)).all()
    for waiting in sorted(ended, key=lambda each: each.listing_id):
        db.session.delete(waiting)
        db.session.flush()
        ask_next(waiting.listing_id)
    return len(ended)


def pass_turns(*, user_id: UUID) -> None:
    """Who is away now keeps their places in line; where it was their turn, it is the next one's until they are back."""
    for waiting in selectors.list_lines(user_id):
        if waiting.asked_at is not None:
            waiting.asked_at = None
            db.session.flush()
            ask_next(waiting.listing_id)


def ask_in_lines_of(*, user_id: UUID) -> None:
    """What came free while somebody was away may be theirs."""
    for waiting in selectors.list_lines(user_id):
        ask_next(waiting.listing_id)


def leave_line(*, listing_id: UUID, user_id: UUID) -> None:
    """Who has got it waits no longer; if it was their turn, another copy may be free for the next one."""
    theirs = delete(Waiting).where(Waiting.listing_id == listing_id, Waiting.user_id == user_id)
    if db.session.scalars(theirs.returning(Waiting.asked_at)).one_or_none() is not None:
        ask_next(listing_id)


def dissolve_line(*, listing_id: UUID) -> None:
    """Nobody waits for what is offered no longer: each of them hears of it (BOK-12)."""
    _dismiss(listing_id, delete(Waiting).where(Waiting.listing_id == listing_id))


def dismiss_far(*, owner_id: UUID) -> None:
    """Whoever waits for a thing of somebody who moved far away waits no longer, and hears of it."""
    for waiting in selectors.list_waiting_for(owner_id):
        if not live_within_reach(owner_id, waiting.user_id):
            theirs = delete(Waiting).where(Waiting.listing_id == waiting.listing_id, Waiting.user_id == waiting.user_id)
            _dismiss(waiting.listing_id, theirs)


def _dismiss(listing_id: UUID, gone: Delete) -> None:
    people = db.session.scalars(gone.returning(Waiting.user_id)).all()
    if people:
        publish(LineEnded(listing_id, tuple(sorted(people))))


def forget_person(*, user_id: UUID) -> None:
    """Who leaves waits for nothing; where it was their turn, it is the next one's."""
    theirs = delete(Waiting).where(Waiting.user_id == user_id).returning(Waiting.listing_id, Waiting.asked_at)
    left = db.session.execute(theirs).all()
    for listing_id in sorted(row.listing_id for row in left if row.asked_at is not None):
        ask_next(listing_id)
