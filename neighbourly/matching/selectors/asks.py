"""Asks in the making: how far each has come, whom to ask next, and which to take up again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from neighbourly.core import cells, clock
from neighbourly.core.db import Box, db
from neighbourly.exchanges.needs import count_promised
from neighbourly.listings.models import Listing
from neighbourly.matching.models import UNDER_WAY, Ask, Asked, Habit
from neighbourly.matching.people import Candidate, Need, askable, best_leads, candidates
from neighbourly.matching.quota import WIDEST_M
from neighbourly.matching.rule import LOOK_FARTHER, MOST_PAUSE, PEOPLE_WEIGHED
from neighbourly.matching.selectors import finding
from neighbourly.matching.selectors.finding import Leads, Look, list_leads
from neighbourly.matching.selectors.people import list_people
from neighbourly.matching.selectors.yeses import count_good_yeses
from neighbourly.matching.waves import Habits, Standing
from neighbourly.preferences.models import Preferences, SavedSearch

WAKEN_AT_ONCE = 200


def find_ask(listing_id: UUID, *, lock: bool = False) -> Ask | None:
    """How the asking for a request stands, if it was ever begun."""
    if not lock:
        return db.session.get(Ask, listing_id)
    statement = select(Ask).where(Ask.listing_id == listing_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def claim(listing_id: UUID) -> tuple[Ask, Listing] | None:
    """An ask with its request, both locked, the request first, as everyone who changes both does."""
    row = db.session.execute(_claim().where(Ask.listing_id == listing_id)).one_or_none()
    return None if row is None else (row[1], row[0])


def claim_due(now: datetime) -> tuple[Ask, Listing] | None:
    """The ask whose wave has been due the longest and that nobody else has in hand, locked with its request."""
    due = _claim(skip_locked=True).where(Ask.state.in_(UNDER_WAY), Ask.next_wave_at <= now)
    row = db.session.execute(due.order_by(Ask.next_wave_at).limit(1)).one_or_none()
    return None if row is None else (row[1], row[0])


def _claim(*, skip_locked: bool = False) -> Select[Listing, Ask]:
    return (
        select(Listing, Ask)
        .join(Ask, Ask.listing_id == Listing.id)
        .with_for_update(of=[Listing, Ask], key_share=True, skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )


def list_exhausted(after: UUID | None, limit: int) -> Sequence[UUID]:
    """Requests that everyone near was asked for, in the order of their ids."""
    statement = select(Ask.listing_id).where(Ask.state == "exhausted")
    if after is not None:
        statement = statement.where(Ask.listing_id > after)
    return db.session.scalars(statement.order_by(Ask.listing_id).limit(limit)).all()


def list_idle_met_by(offer: Need) -> Sequence[UUID]:
    """Idle requests that an offer could meet, in the order of their ids; one statement."""
    found = finding.listings_meeting(Look(offer, "request"))
    statement = select(found.c.id).join(Ask, Ask.listing_id == found.c.id).where(_is_idle(clock.now()))
    values = finding.wanted_values(offer)
    return db.session.scalars(statement.order_by(found.c.id).limit(WAKEN_AT_ONCE), values).all()


def list_exhausted_among(listing_ids: Collection[UUID]) -> Sequence[UUID]:
    """Those of these requests that everyone near was asked for; one statement."""
    exhausted = select(Ask.listing_id).where(Ask.listing_id.in_(listing_ids), Ask.state == "exhausted")
    return db.session.scalars(exhausted.order_by(Ask.listing_id)).all()


def _is_idle(now: datetime) -> ColumnElement[bool]:
    """Whether nobody is being asked: all within reach were, or those who are left sleep."""
    sleeping = and_(Ask.state.in_(UNDER_WAY), Ask.next_wave_at > now + MOST_PAUSE)
    return or_(Ask.state == "exhausted", sleeping)


def somebody_waits(offer: Listing) -> bool:
    """Whether anyone around asks for anything, or looks for something standing; one statement."""
    around = literal(cells.box_around(offer.cell, WIDEST_M), Box())
    asking = exists().where(
        Listing.status == "published",
        Listing.direction == "request",
        Listing.owner_id != offer.owner_id,
        Listing.location.op("<@", is_comparison=True)(around),
    )
    looking = exists().where(SavedSearch.reach.op("&&", is_comparison=True)(around))
    return bool(db.session.scalar(select(or_(asking, looking))))


def list_idle_for(preferences: Preferences) -> Sequence[UUID]:
    """Idle requests within someone's reach, or of their own, in the order of their ids; one statement."""
    concerned = Listing.owner_id == preferences.user_id
    if preferences.reach is not None:
        concerned = or_(concerned, Listing.location.op("<@", is_comparison=True)(literal(preferences.reach, Box())))
    statement = (
        select(Ask.listing_id)
        .join(Listing, Listing.id == Ask.listing_id)
        .where(_is_idle(clock.now()), Listing.status == "published", concerned)
    )
    return db.session.scalars(statement.order_by(Ask.listing_id).limit(WAKEN_AT_ONCE)).all()


def last_wave_at(listing_id: UUID) -> datetime | None:
    """When the last wave of a request went out; one statement."""
    return db.session.scalar(select(func.max(Asked.asked_at)).where(Asked.listing_id == listing_id))


def standing_of(ask: Ask, listing: Listing, last_wave_at: datetime | None) -> Standing:
    """How far an asking has come, for the planner; four statements, and up to four for yeses of who was not asked."""
    return Standing(
        waves=ask.wave,
        last_wave_at=last_wave_at,
        yeses=count_good_yeses(listing),
        helpers_needed=listing.helpers_needed,
        needed_until=listing.needed_until,
        needed_from=listing.needed_from,
        habits=_habits_around(listing),
        agreed=count_promised(listing.id),
    )


def _habits_around(listing: Listing) -> Habits:
    habit = listing.neighbourhood_id and db.session.get(Habit, listing.neighbourhood_id)
    return Habits(habit.asked, habit.yeses, habit.median_minutes) if habit else Habits()


def list_askable(need: Need, now: datetime) -> list[Candidate]:
    """Those whom no gate keeps from being asked for a need, in order; two statements, as they stand at `now`.

    Where nobody is left of the nearest, those beyond are looked at too: two statements more.
    """
    nearest = list_leads(need, unasked=True)
    found = _askable(need, nearest, PEOPLE_WEIGHED, now)
    if found or not (nearest.cut or len({lead.user_id for lead in nearest.found}) > PEOPLE_WEIGHED):
        return found
    beyond = list_leads(need, unasked=True, farther=LOOK_FARTHER)
    return _askable(need, beyond, PEOPLE_WEIGHED * LOOK_FARTHER, now)


def _askable(need: Need, leads: Leads, most: int, now: datetime) -> list[Candidate]:
    best = best_leads(need, leads.found, most)
    people = list_people(need, {lead.user_id for lead in best}, now)
    return askable(need, candidates(need, best, people), now)


def still_askable(need: Need, chosen: Sequence[Candidate], now: datetime) -> list[Candidate]:
    """Those of the chosen who may be asked even so, after all that other needs asked of them meanwhile.

    Their preferences, and the asker's, are locked until this transaction ends, so that two needs at one moment cannot
    both have somebody's last ask of the week, nor the last that their owner may ask.
    """
    ids = {candidate.person.user_id for candidate in chosen}
    locked_ids = ids | {need.owner_id}
    lock = select(Preferences.user_id).where(Preferences.user_id.in_(locked_ids)).order_by(Preferences.user_id)
    db.session.execute(lock.with_for_update(key_share=True)).all()
    people = {person.user_id: person for person in list_people(need, ids, now)}
    again = [replace(each, person=people[each.person.user_id]) for each in chosen if each.person.user_id in people]
    return askable(need, again, now)
