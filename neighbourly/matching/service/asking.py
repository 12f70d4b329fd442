"""Asking around for a request, wave by wave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, insert, select, text, update

from neighbourly.answers.selectors import hold
from neighbourly.core import clock
from neighbourly.core.db import attempt, db, is_busy
from neighbourly.core.events import publish
from neighbourly.core.jobs import defer
from neighbourly.exchanges.needs import count_promised
from neighbourly.listings.models import Listing
from neighbourly.matching import selectors
from neighbourly.matching.events import AskExhausted, NeedSettled, NeighboursAsked
from neighbourly.matching.models import UNDER_WAY, Ask, Asked, Habit
from neighbourly.matching.people import Candidate, reachable
from neighbourly.matching.quota import (
    AskerUsage,
    Hold,
    asks_much,
    find_hold,
    max_radius_m,
    remaining_asks,
    weekly_quota,
)
from neighbourly.matching.rule import DAY, MONTH
from neighbourly.matching.waves import Decision, earliest, plan, wanted_yeses
from neighbourly.preferences.selectors import get_preferences

RECOUNT = text(
    """
    INSERT INTO habits (territory_id, asked, yeses, median_minutes)
    SELECT l.neighbourhood_id, count(*), count(*) FILTER (WHERE a.answer = 'yes'),
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.created_at - k.asked_at) / 60))
    FROM asked k
    JOIN listings l ON l.id = k.listing_id
    LEFT JOIN answers a ON a.listing_id = k.listing_id AND a.user_id = k.user_id AND a.created_at >= k.asked_at
    WHERE k.asked_at > :since AND l.neighbourhood_id IS NOT NULL
    GROUP BY l.neighbourhood_id
    """
)
SHORTLY, LATER = timedelta(minutes=1), timedelta(hours=1)
LOOK_AGAIN = timedelta(hours=3)
"""A need that waits for others is told when one of them ends; should that be missed, it is looked at all the same."""
log = structlog.get_logger("matching")


def start_asking(*, listing_id: UUID) -> None:
    """A request that is shown is asked around for at once; shown again, after the pause that follows its last wave."""
    listing = db.session.get_one(Listing, listing_id)
    if listing.direction != "request":
        return
    ask = selectors.find_ask(listing_id, lock=True)
    if ask is not None:
        _go_on(ask, listing)
        return
    db.session.add(Ask(listing_id=listing_id, state="waiting", wave=0, next_wave_at=clock.now()))
    defer("matching.send_wave", listing_id=listing_id)


def stop_asking(*, listing_id: UUID) -> None:
    """Nobody is asked for what is not shown any more."""
    ask = selectors.find_ask(listing_id, lock=True)
    if ask is not None:
        _settle(ask, "stopped", db.session.get_one(Listing, listing_id).owner_id)


def reconsider(*, listing_id: UUID) -> None:
    """An answer, an agreement or a change of the need may be enough to stop asking, or a reason to go on."""
    hold(listing_id)
    ask = selectors.find_ask(listing_id, lock=True)
    listing = db.session.get_one(Listing, listing_id)
    if ask is None or listing.status != "published":
        return
    if count_promised(listing_id) >= listing.helpers_needed:
        _settle(ask, "enough", listing.owner_id)
        publish(NeedSettled(listing_id))
    elif selectors.count_good_yeses(listing) >= wanted_yeses(listing.helpers_needed):
        _settle(ask, "enough", listing.owner_id)
    elif ask.state == "exhausted":
        _waken([listing_id])
    else:
        _go_on(ask, listing)


def _go_on(ask: Ask, listing: Listing) -> None:
    """Ask on as soon as the last wave has had its ten minutes."""
    now = clock.now()
    ask.state = "asking" if ask.wave else "waiting"
    ask.next_wave_at = earliest(selectors.standing_of(ask, listing, selectors.last_wave_at(listing.id)), now)
    db.session.flush()
    if ask.next_wave_at <= now:
        defer("matching.send_wave", once=True, listing_id=listing.id)


def _settle(ask: Ask, state: str, owner_id: UUID) -> None:
    """Nothing more is planned for it; the next need of its owner has its place."""
    had_place = ask.state in UNDER_WAY and ask.waits_for is None
    ask.state, ask.next_wave_at, ask.waits_for = state, None, None
    if had_place:
        _start_next(owner_id)


def _start_next(owner_id: UUID) -> None:
    """Of the needs that wait for others of the same person the one that has waited longest is looked at."""
    db.session.flush()
    _waken(selectors.list_waiting_behind(owner_id, 1))


def waken_for_offer(*, listing_id: UUID) -> None:
    """The need that nobody near could meet stays open, and the first matching newcomer hears of it once understood."""
    offer = db.session.get_one(Listing, listing_id)
    if offer.direction == "offer" and offer.status == "published" and selectors.somebody_waits(offer):
        defer("matching.try_offer", once=True, listing_id=listing_id)


def try_offer(*, listing_id: UUID) -> None:
    """Needs for which nobody was left are put around again, if this offer might meet them.

    Not while its owner may not be asked, of whose offers there may be any number: those needs are tried hourly anyway.
    """
    offer = db.session.get(Listing, listing_id)
    if offer is None or offer.direction != "offer" or offer.status != "published":
        return
    if selectors.is_unasked_today(offer.owner_id, clock.now()):
        _waken(selectors.list_idle_met_by(selectors.need_of(offer)))


def waken_for_person(*, user_id: UUID) -> None:
    """Who moves near, or takes an interest, hears of the needs around that are still open; their own reach farther."""
    _waken(selectors.list_idle_for(get_preferences(user_id)))


def waken_understood(*, listing_ids: Collection[UUID]) -> None:
    """What nobody could meet by its words may be met by what it means."""
    _waken(selectors.list_exhausted_among(listing_ids))


def _waken(listing_ids: Iterable[UUID]) -> None:
    for listing_id in listing_ids:
        defer("matching.send_wave", once=True, listing_id=listing_id)


def send_wave(*, listing_id: UUID) -> None:
    """The next wave of a request goes out if its time has come; one that was exhausted goes on if someone is found."""
    claimed = selectors.claim(listing_id)
    if claimed is not None:
        _advance(*claimed, now=clock.now())


def try_again(*, listing_id: UUID) -> None:
    """The same for one of many; where it fails, the others are tried all the same."""
    claimed = selectors.claim(listing_id)
    if claimed is not None:
        _advance_or_postpone(*claimed, now=clock.now())


def send_next_due_wave() -> bool:
    """The wave that has been due the longest goes out; False where none is due. Several workers take different ones."""
    now = clock.now()
    claimed = selectors.claim_due(now)
    if claimed is None:
        return False
    _advance_or_postpone(*claimed, now=now)
    return True


def _advance_or_postpone(ask: Ask, listing: Listing, *, now: datetime) -> None:
    """One need that cannot be asked around for holds up no other: it is tried again later, and the log has it."""
    listing_id = listing.id
    reason = attempt(lambda: _advance(ask, listing, now=now))
    if reason is not None:
        log.error("wave failed", listing=str(listing_id), kind=type(reason).__name__)
        postponed = update(Ask).where(Ask.listing_id == listing_id, Ask.state.in_(UNDER_WAY))
        db.session.execute(postponed.values(next_wave_at=now + (SHORTLY if is_busy(reason) else LATER)))


def _advance(ask: Ask, listing: Listing, *, now: datetime) -> None:
    if ask.state not in (*UNDER_WAY, "exhausted"):
        return
    if listing.status != "published":
        _settle(ask, "stopped", listing.owner_id)
        return
    need = selectors.need_of(listing)
    usage = selectors.find_usage(need, now)
    hold = find_hold(usage, ask.wave, now)
    if hold is not None:
        _hold_back(ask, listing, hold, usage, now)
        return
    ask.waits_for = None
    need = replace(need, radius_m=min(need.radius_m, max_radius_m(usage)), asks_much=asks_much(usage))
    found = selectors.list_askable(need, now)
    decision = plan(selectors.standing_of(ask, listing, usage.last_wave_at), reachable(need, found, now), now)
    chosen = [each for each in found if each.person.user_id in decision.ask]
    if chosen:
        still = selectors.still_askable(need, chosen, now)
        usage = selectors.count_again(usage, need, now)
        _put_to(ask, listing.owner_id, still[: remaining_asks(usage, ask.wave, now)], decision, now)
        return
    if decision.state == "exhausted" and ask.state != "exhausted":
        publish(AskExhausted(listing.id))
    _leave_at(ask, decision, listing.owner_id)


def _leave_at(ask: Ask, decision: Decision, owner_id: UUID) -> None:
    """Nobody is asked now; where nobody will be, its place goes to the next need of its owner."""
    if decision.next_wave_at is None:
        _settle(ask, decision.state, owner_id)
    else:
        ask.state, ask.next_wave_at, ask.waits_for = decision.state, decision.next_wave_at, None


def _hold_back(ask: Ask, listing: Listing, hold: Hold, usage: AskerUsage, now: datetime) -> None:
    """The need waits for its owner's other needs, or for their next week; it is looked at again in time either way."""
    if listing.needed_until is not None and listing.needed_until <= now:
        _settle(ask, "stopped", listing.owner_id)
        return
    had_place = ask.wave > 0 and ask.state in UNDER_WAY and ask.waits_for is None
    ask.state, ask.waits_for, ask.next_wave_at = "waiting", hold, now + LOOK_AGAIN
    if hold == "week":
        free_at = selectors.find_next_ask_at(listing.owner_id, weekly_quota(usage), now)
        tomorrow = (usage.last_ask_at or now) + DAY
        ask.next_wave_at = max(now + SHORTLY, min(free_at or tomorrow, tomorrow))
    if listing.needed_until is not None:
        ask.next_wave_at = min(ask.next_wave_at, listing.needed_until)
    if had_place:
        _start_next(listing.owner_id)


def _put_to(ask: Ask, asker_id: UUID, chosen: Sequence[Candidate], decision: Decision, now: datetime) -> None:
    """Put the need to these; where others' needs took all of them meanwhile, look again in a minute."""
    ask.state, ask.waits_for = decision.state, None
    if not chosen:
        ask.next_wave_at = now + SHORTLY
        return
    ask.wave, ask.next_wave_at = ask.wave + 1, decision.next_wave_at
    db.session.flush()
    rows = [
        {
            "listing_id": ask.listing_id,
            "user_id": each.person.user_id,
            "asker_id": asker_id,
            "wave": ask.wave,
            "offer_id": each.offer_id,
            "why": each.fit.as_json(),
            "asked_at": now,
        }
        for each in chosen
    ]
    db.session.execute(insert(Asked), rows)
    publish(NeighboursAsked(ask.listing_id, ask.wave))


def release(*, listing_id: UUID, user_ids: Collection[UUID]) -> None:
    """These never saw that they were asked: they were not, and may be asked for something else today."""
    released = delete(Asked).where(Asked.listing_id == listing_id, Asked.user_id.in_(user_ids))
    db.session.execute(released)


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes along what they were asked, and why others were: the distances would tell where they lived.

    That others were asked stays, so that nobody is asked too often.
    """
    db.session.execute(delete(Asked).where(Asked.user_id == user_id))
    own = select(Listing.id).where(Listing.owner_id == user_id)
    db.session.execute(update(Asked).where(Asked.listing_id.in_(own)).values(why={}, asker_id=None))


def recount_habits() -> None:
    """How neighbours answer is counted anew, by territory, over thirty days."""
    db.session.execute(delete(Habit))
    db.session.execute(RECOUNT, {"since": clock.now() - MONTH})
