"""What an agreement takes: a copy for the time, minutes that are pending, and the rules of fair use."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from neighbourly.accounts.selectors import Actor, hold_person, is_leaving
from neighbourly.bookings import service as bookings
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import require
from neighbourly.core.events import publish
from neighbourly.exchanges import policy, selectors
from neighbourly.exchanges.errors import LeavingSoon, TooManyProposals, TooManyThings
from neighbourly.exchanges.events import LateThingBack
from neighbourly.exchanges.lifecycle import LOAN
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.partners import count_partners
from neighbourly.exchanges.service.alternatives import naming_next_free
from neighbourly.exchanges.service.lateness import keep_while_late, listing_of
from neighbourly.exchanges.service.moving import settle
from neighbourly.exchanges.service.overtaking import look_for_overtaken
from neighbourly.exchanges.service.terms import hold_terms
from neighbourly.listings.models import Listing
from neighbourly.territories.models import Territory
from neighbourly.timebank import service as timebank

THINGS, PROPOSALS = 5, 10


def check_free(exchange: Exchange, listing: Listing, actor_id: UUID) -> None:
    """Nobody proposes a time at which every copy is out or promised; raises `AlreadyBooked` (BOK-10)."""
    if exchange.kind == "help":
        return
    with naming_next_free(listing, actor_id, exchange.starts_at, policy.taken_until(exchange)):
        bookings.check_free(listing=listing, starts_at=exchange.starts_at, ends_at=policy.taken_until(exchange))


def agree(exchange: Exchange, actor_id: UUID) -> None:
    """From now on the copy is taken for that time, and nobody else's; of a help the minutes are pending.

    Raises `AlreadyBooked`, `ItemUnavailable`, `TooManyThings`, `FloorReached` and `OtherThanProposed`.
    """
    now = clock.now()
    if exchange.kind == "help":
        assert exchange.minutes is not None  # noqa: S101  # a constraint says so
        exchange.agreed_minutes = exchange.consented_minutes = exchange.minutes
        timebank.hold_help(help_of(exchange), actor_id=actor_id)
    else:
        check_things(exchange)
        listing, until = listing_of(exchange), policy.taken_until(exchange)
        with naming_next_free(listing, actor_id, exchange.starts_at, until):
            bookings.occupy(listing=listing, holder_id=exchange.id, starts_at=exchange.starts_at, ends_at=until)
        bookings.leave_line(listing_id=exchange.listing_id, user_id=exchange.receiver_id)
        look_for_overtaken(exchange)
    hold_terms(exchange)
    exchange.accepted_at = now
    exchange.expires_at = None
    settle(exchange, "accepted")


def check_stays(actor: Actor) -> None:
    """Nothing new begins with who waits to be erased: raises `LeavingSoon`, to themselves alone."""
    require(not is_leaving(actor.id), LeavingSoon)


def check_minutes(exchange: Exchange, actor_id: UUID) -> None:
    """Who proposes to be helped hears at once that their minutes do not reach; raises `FloorReached` (LED-11).

    Who proposes to help does not: it would tell them of another's account.
    """
    if exchange.kind == "help" and actor_id == exchange.receiver_id:
        timebank.check_help(help_of(exchange))


def hold_again(exchange: Exchange, actor_id: UUID) -> None:
    """A help that lapsed and took place after all: the minutes agreed, or fewer, are pending again."""
    help = help_of(exchange)
    agreed = min(help.minutes, exchange.agreed_minutes or help.minutes)
    timebank.renew_help(replace(help, minutes=agreed), actor_id=actor_id)


def help_of(exchange: Exchange) -> timebank.Help:
    """A help as the timebank looks at it."""
    assert exchange.minutes is not None  # noqa: S101  # a constraint says so
    return timebank.Help(
        exchange_id=exchange.id,
        payer_id=exchange.receiver_id,
        payee_id=exchange.giver_id,
        minutes=exchange.minutes,
        territory_id=exchange.neighbourhood_id,
        as_gift=exchange.as_gift,
        count_partners=partial(count_partners, exchange.receiver_id),
    )


def let_go(exchange: Exchange, *, expired: bool = False) -> None:
    """What was taken is free again, but for what somebody keeps too long; then the next who waits is asked."""
    if exchange.kind == "help":
        timebank.void_help(exchange_id=exchange.id, expired=expired)
        return
    listing = listing_of(exchange)
    if exchange.handed_over_at is None:
        bookings.cancel(listing=listing, holder_id=exchange.id)
    else:
        bookings.give_back(listing=listing, holder_id=exchange.id, now=clock.now())
        _say_that_it_is_back(exchange)
    for late in selectors.list_late(listing.id, clock.now()):
        if late.id != exchange.id:
            keep_while_late(late)
    bookings.ask_next(listing.id)


def _say_that_it_is_back(exchange: Exchange) -> None:
    """Whoever comes next heard that it was late, and hears that it is not any more (BOK-07)."""
    if exchange.kind != LOAN or exchange.ends_at is None or exchange.ends_at > clock.now():
        return
    holder_id = bookings.find_next_holder(exchange.id)
    if holder_id is not None:
        publish(LateThingBack(holder_id, exchange.id))


def check_things(exchange: Exchange) -> None:
    """Nobody has more things at once than the neighbourhood finds fair; what is promised counts (lock held)."""
    if exchange.kind != "loan":
        return
    hold_person(exchange.receiver_id)
    db.session.flush()
    things, _ = selectors.count_open(exchange.receiver_id)
    territory = _territory(exchange)
    most = territory.things_at_once if territory else THINGS
    require(things < most, TooManyThings)


def check_proposals(exchange: Exchange, proposer_id: UUID) -> None:
    """Nobody has more proposals waiting than the neighbourhood finds fair."""
    hold_person(proposer_id)
    _, proposals = selectors.count_open(proposer_id)
    territory = _territory(exchange)
    most = territory.open_proposals if territory else PROPOSALS
    require(proposals < most, TooManyProposals)


def _territory(exchange: Exchange) -> Territory | None:
    if exchange.neighbourhood_id is None:
        return None
    return db.session.get(Territory, exchange.neighbourhood_id)
