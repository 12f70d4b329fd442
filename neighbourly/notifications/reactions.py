"""Who is told of what happens to listings, asks and answers."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.events import AccountErasing
from neighbourly.answers.events import AnswerGiven
from neighbourly.answers.selectors import list_willing
from neighbourly.core import clock
from neighbourly.core.cells import metres_between
from neighbourly.core.db import db
from neighbourly.exchanges.needs import count_promised, list_chosen, list_givers
from neighbourly.listings.events import ListingClosed, ListingExpired, ListingExpiring, ListingFulfilled
from neighbourly.listings.models import Listing
from neighbourly.matching import service as matching
from neighbourly.matching.events import AskExhausted, NeedSettled, NeighboursAsked, OfferMatched
from neighbourly.matching.models import Ask, Asked
from neighbourly.matching.rule import MATCHES_PER_OWNER
from neighbourly.matching.selectors import list_unanswered, tells_nobody
from neighbourly.notifications import returning, selectors, service
from neighbourly.notifications.other_words import FOUND, PAST
from neighbourly.places.models import Home
from neighbourly.preferences.events import AbsenceEnded

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def tell_asked(event: NeighboursAsked) -> None:
    """Everyone in a wave hears of the need, with the distance between the two cells."""
    need = _listing(event.listing_id)
    in_wave = select(Asked.user_id, Home.cell).outerjoin(Home, Home.user_id == Asked.user_id)
    rows = db.session.execute(in_wave.where(Asked.listing_id == need.id, Asked.wave == event.wave))
    people = {
        user_id: {} if home is None else {"distance_m": _hundreds(metres_between(home, need.cell))}
        for user_id, home in rows
    }
    service.tell(type_name="request_nearby", people=people, about=need.id, listing_id=need.id, actor_id=need.owner_id)


def _hundreds(metres: int) -> int:
    """To the hundred metres, and never less than one hundred: cells are no finer."""
    return max(100, round(metres, -2))


def tell_of_answer(event: AnswerGiven) -> None:
    """Who asked hears of each yes and later, once; a no is told to nobody."""
    if event.answer == "no":
        return
    service.tell(
        type_name="answer_received",
        people={_listing(event.listing_id).owner_id: {"answer": event.answer}},
        about=f"{event.answer_id}:{event.answer}",
        listing_id=event.listing_id,
        actor_id=event.user_id,
    )


def tell_helpers(event: ListingFulfilled | ListingClosed) -> None:
    """Everyone who said yes or later to a request hears that it has ended, but for those who met it."""
    need = _listing(event.listing_id)
    if need.direction != "request":
        return
    met_it = list_givers(need.id)
    people: dict[UUID, service.Figures] = {user_id: {} for user_id in list_willing(need) if user_id not in met_it}
    service.tell(type_name="request_closed", people=people, about=need.id, listing_id=need.id, actor_id=need.owner_id)


def tell_helpers_of_end(event: ListingExpired) -> None:
    """Who said yes or later and was not chosen hears that the need has run out, once for each end (NOT-02)."""
    need = _listing(event.listing_id)
    if need.direction != "request" or count_promised(need.id) >= need.helpers_needed:
        return
    chosen = list_chosen(need.id)
    past: service.Figures = {"variant": PAST}
    people = {user_id: past for user_id in list_willing(need) if user_id not in chosen}
    about = f"{need.id}:{need.expires_at}"
    service.tell(type_name="request_closed", people=people, about=about, listing_id=need.id, actor_id=need.owner_id)


def tell_settled(event: NeedSettled) -> None:
    """Who said yes or later and was not chosen hears that help is found, once; who has not seen it is not asked."""
    need = _listing(event.listing_id)
    chosen = list_chosen(need.id)
    found: service.Figures = {"variant": FOUND}
    people = {user_id: found for user_id in list_willing(need) if user_id not in chosen}
    service.tell(type_name="request_closed", people=people, about=need.id, listing_id=need.id, actor_id=need.owner_id)
    unanswered = list_unanswered(need.id)
    unseen = service.take_back(type_name="request_nearby", about=need.id, people=unanswered)
    matching.release(listing_id=need.id, user_ids=unseen)


def tell_of_exhaustion(event: AskExhausted) -> None:
    """Who asked hears that all within reach were asked; after a further wave again, within a week silently.

    Of a radius in which few live nobody hears when it was: it says so a day after it was published (LOC-12).
    """
    ask, listing = db.session.get_one(Ask, event.listing_id), _listing(event.listing_id)
    if tells_nobody(listing):
        return
    again = selectors.is_told_of_listing(listing.owner_id, "ask_exhausted", listing.id, since=clock.now() - A_WEEK)
    about = f"{listing.id}:{ask.wave}"
    service.tell(
        type_name="ask_exhausted", people={listing.owner_id: {}}, about=about, listing_id=listing.id, silently=again
    )


def tell_of_match(event: OfferMatched) -> None:
    """Whoever asked for it, or wished to hear of it, learns of an offer; more than one a day is left to the inbox.

    Of one owner's offers they hear a few times a week, however many there are.
    """
    offer, now = _listing(event.listing_id), clock.now()
    enough = selectors.list_told_of_actor(
        event.people, "match_found", offer.owner_id, since=now - A_WEEK, times=MATCHES_PER_OWNER
    )
    hearing = [each for each in event.people if each not in enough]
    told_today = selectors.list_told(hearing, "match_found", since=now - A_DAY)
    for silently in (False, True):
        people: dict[UUID, service.Figures] = {each: {} for each in hearing if (each in told_today) is silently}
        service.tell(
            type_name="match_found",
            people=people,
            about=offer.id,
            listing_id=offer.id,
            actor_id=offer.owner_id,
            silently=silently,
        )


def tell_of_coming_end(event: ListingExpiring) -> None:
    """The owner is asked before a listing ends, once for each end."""
    _tell_of_end("listing_expiring", event.listing_id)


def tell_of_end(event: ListingExpired) -> None:
    """The owner is told that a listing has ended."""
    _tell_of_end("listing_expired", event.listing_id)


def _tell_of_end(type_name: str, listing_id: UUID) -> None:
    expires_at = _listing(listing_id).expires_at
    end = expires_at.isoformat() if expires_at else None
    _tell_owner(type_name, listing_id, about=f"{listing_id}:{end}", figures={"expires_at": end})


def _tell_owner(type_name: str, listing_id: UUID, *, about: str, figures: service.Figures | None = None) -> None:
    people = {_listing(listing_id).owner_id: figures or {}}
    service.tell(type_name=type_name, people=people, about=about, listing_id=listing_id)


def tell_who_is_back(event: AbsenceEnded) -> None:
    """Who was away hears in one word that things wait for them."""
    returning.tell_who_is_back(user_id=event.user_id)


def forget_person(event: AccountErasing) -> None:
    """The inbox goes, and others' no longer name who left."""
    service.forget_person(user_id=event.user_id)


def _listing(listing_id: UUID) -> Listing:
    return db.session.get_one(Listing, listing_id)
