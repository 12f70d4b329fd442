"""Asking around for a request, wave by wave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
from neighbourly.matching.rule import MONTH
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
        _settle(ask, "stopped")


def reconsider(*, listing_id: UUID) -> None:
    """An answer, an agreement or a change of the need may be enough to stop asking, or a reason to go on."""
    hold(listing_id)
    ask = selectors.find_ask(listing_id, lock=True)
    listing = db.session.get_one(Listing, listing_id)
    if ask is None or listing.status != "published":
        return
    if count_promised(listing_id) >= listing.helpers_needed:
        _settle(ask, "enough")
        publish(NeedSettled(listing_id))
    elif selectors.count_good_yeses(listing) >= wanted_yeses(listing.helpers_needed):
        _settle(ask, "enough")
    elif ask.state == "exhausted":
        _waken([listing_id])
    else:
        _go_on(ask, listing)


def _go_on(ask: Ask, listing: Listing) -> None:
    """Ask on as soon as the last wave has had its ten minutes."""
    now = clock.now()
    ask.state = "asking" if ask.wave else "waiting"
    ask.next_wave_at = earliest(selectors.standing_of(ask, listing), now)
    db.session.flush()
    if ask.next_wave_at <= now:
        defer("matching.send_wave", once=True, listing_id=listing.id)


def _settle(ask: Ask, state: str) -> None:
    ask.state, ask.next_wave_at = state, None


def waken_for_offer(*, listing_id: UUID) -> None:
    """The need that nobody near could meet stays open, and the first matching newcomer hears of it once understood."""
    offer = db.session.get_one(Listing, listing_id)
    if offer.direction == "offer" and offer.status == "published" and selectors.somebody_waits(offer):
        defer("matching.try_offer", once=True, listing_id=listing_id)


def try_offer(*, listing_id: UUID) -> None:
    """Needs for which nobody was left are put around again, if this offer might meet them."""
    offer = db.session.get(Listing, listing_id)
    if offer is not None and offer.direction == "offer" and offer.status == "published":
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
        _settle(ask, "stopped")
        return
    need = selectors.need_of(listing)
    found = selectors.list_askable(need, now)
    decision = plan(selectors.standing_of(ask, listing), reachable(need, found, now), now)
    chosen = [each for each in found if each.person.user_id in decision.ask]
    if chosen:
        chosen = selectors.still_askable(need, chosen, now)
        _put_to(ask, chosen, decision, now)
        return
    if decision.state == "exhausted" and ask.state != "exhausted":
        publish(AskExhausted(listing.id))
    ask.state, ask.next_wave_at = decision.state, decision.next_wave_at


def _put_to(ask: Ask, chosen: Sequence[Candidate], decision: Decision, now: datetime) -> None:
    """Put the need to these; where others' needs took all of them meanwhile, look again in a minute."""
    ask.state = decision.state
    if not chosen:
        ask.next_wave_at = now + SHORTLY
        return
    ask.wave, ask.next_wave_at = ask.wave + 1, decision.next_wave_at
    db.session.flush()
    rows = [
        {
            "listing_id": ask.listing_id,
            "user_id": each.person.user_id,
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
    db.session.execute(update(Asked).where(Asked.listing_id.in_(own)).values(why={}))


def recount_habits() -> None:
    """How neighbours answer is counted anew, by territory, over thirty days."""
    db.session.execute(delete(Habit))
    db.session.execute(RECOUNT, {"since": clock.now() - MONTH})
