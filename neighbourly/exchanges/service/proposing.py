"""Proposing: on a listing, or from a chosen answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import orjson
from sqlalchemy import select

from neighbourly.accounts.selectors import Actor, get_neighbour, hold_person
from neighbourly.acquaintances import service as acquaintances
from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING
from neighbourly.bookings import service as bookings
from neighbourly.conversations import service as conversations
from neighbourly.core import clock
from neighbourly.core.db import db, take_turns
from neighbourly.core.errors import IdTaken, NotFound, require
from neighbourly.core.ids import new_id
from neighbourly.exchanges import needs, selectors, timeline
from neighbourly.exchanges.errors import KindMissing, OwnOffer
from neighbourly.exchanges.events import ExchangeAccepted, ExchangeProposed
from neighbourly.exchanges.lifecycle import Side, other
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.policy import person_of
from neighbourly.exchanges.selectors import ExchangeView
from neighbourly.exchanges.service.agreeing import agree, check_free, check_minutes, check_proposals
from neighbourly.exchanges.service.moving import settle, tell
from neighbourly.exchanges.service.times import check_begin, check_times, end_of_help, minutes_between
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import get_listing


@dataclass(frozen=True)
class Subject:
    """What is proposed to whom: the thing or help, the two sides, and the need that it meets, if any."""

    listing: Listing
    giver_id: UUID
    receiver_id: UUID
    proposer: Side
    request: Listing | None = None
    answer: Answer | None = None


@dataclass(frozen=True)
class Times:
    """When; without an end for a gift."""

    starts_at: datetime
    ends_at: datetime | None


def create_exchange(
    *,
    actor: Actor,
    id: UUID | None = None,
    listing_id: UUID | None = None,
    answer_id: UUID | None = None,
    offer_id: UUID | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    minutes: int | None = None,
    as_gift: bool = False,
    message: str = "",
) -> tuple[ExchangeView, bool]:
    """Anyone proposes on what they see; who chooses a yes for a time inside its window has agreed at once, once.

    The flag says whether it is new: the same id with the same content is the same exchange (REL-07), and so is a
    second tap: one answer leads to one living exchange, the same words without an id to one that waits. Raises
    `OwnOffer`, `KindMissing`, `NotAvailable`, `LoanTooLong`, `AlreadyBooked`, `FloorReached`, the rules of fair
    use, and 422s.
    """
    said = _digest(actor.id, listing_id, answer_id, offer_id, starts_at, ends_at, minutes, as_gift, message)
    known = _known(id) if id is not None else None
    if known is not None:
        require(known.said == said, IdTaken)
        return selectors.view_exchange(known.id, actor.id, actor.language), False
    living = _hold_living(actor, answer_id, listing_id, said, own_id=id is not None)
    if living is not None:
        return selectors.view_exchange(living, actor.id, actor.language), False
    subject = _chosen(actor, answer_id) if answer_id else _taken_up(actor, listing_id, offer_id)
    require(subject.giver_id != subject.receiver_id, OwnOffer)
    kind = _kind(subject)
    times = _times(subject, kind, starts_at, ends_at, minutes)
    exchange = _made(id or new_id(), kind, subject, times, minutes, as_gift)
    exchange.said = said
    _begin(actor, exchange, subject, message)
    return selectors.view_exchange(exchange.id, actor.id, actor.language), True


def _hold_living(
    actor: Actor, answer_id: UUID | None, listing_id: UUID | None, said: bytes, *, own_id: bool
) -> UUID | None:
    """What already came of the same tap; nobody else taps so until the transaction ends."""
    if answer_id is not None:
        _hold_answer(answer_id)
        return needs.find_living(answer_id, actor.id)
    if own_id or listing_id is None:
        return None
    take_turns(uuid5(listing_id, str(actor.id)))
    return needs.find_waiting(said, actor.id)


def _hold_answer(answer_id: UUID) -> Answer | None:
    """An answer that nobody else chooses or changes meanwhile: it is consent to one agreement.

    Who answered is held first, as by all who change what is theirs.
    """
    answerer_id = db.session.scalar(select(Answer.user_id).where(Answer.id == answer_id))
    if answerer_id is None:
        return None
    hold_person(answerer_id)
    held = select(Answer).where(Answer.id == answer_id).with_for_update(key_share=True)
    return db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _known(id: UUID) -> Exchange | None:
    """What this id already stands for; nobody else uses it until the transaction ends."""
    take_turns(id)
    return db.session.get(Exchange, id)


def _digest(*said: UUID | datetime | str | int | None) -> bytes:
    """What was said by whom, comparable later: an exchange changes, what it began with does not."""
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_UTC_Z)).digest()


def _taken_up(actor: Actor, listing_id: UUID | None, offer_id: UUID | None) -> Subject:
    """An offer that the actor would like, or a request that the actor would meet."""
    assert listing_id is not None  # noqa: S101  # the schema takes one of the two
    listing = get_listing(listing_id, actor.id)
    require(listing.owner_id != actor.id, OwnOffer)
    if listing.direction == "offer":
        return Subject(listing, listing.owner_id, actor.id, "receiver")
    thing = _thing_meant(listing, actor.id) if offer_id is None else _thing_for(listing, actor.id, offer_id)
    require(offer_id in (None, thing.id), NotFound)
    return Subject(thing, actor.id, listing.owner_id, "giver", request=listing)


def _chosen(actor: Actor, answer_id: UUID) -> Subject:
    """A yes or later to the actor's own request, of somebody who is there and behind no block; held already."""
    answer = db.session.get(Answer, answer_id)
    if answer is None or answer.answer not in WILLING:
        raise NotFound()
    request = get_listing(answer.listing_id, actor.id)
    require(request.owner_id == actor.id, NotFound)
    get_neighbour(answer.user_id, actor.id)
    thing = _thing_for(request, answer.user_id, answer.offer_id, answer.title)
    return Subject(thing, answer.user_id, actor.id, "receiver", request=request, answer=answer)


def _thing_meant(request: Listing, giver_id: UUID) -> Listing:
    """Who names nothing means what their yes comes with, else the only offer of theirs that is of that kind."""
    said = needs.find_yes(request.id, giver_id)
    if said is None:
        return _thing_for(request, giver_id, needs.find_only_offer(request, giver_id))
    return _thing_for(request, giver_id, said.offer_id, said.title)


def _thing_for(request: Listing, giver_id: UUID, offer_id: UUID | None, title: str = "") -> Listing:
    """The giver's own offer where they named one; else for a thing an offer that nobody sees, for a help the need."""
    require(request.kind is not None, KindMissing)
    offer = db.session.get(Listing, offer_id) if offer_id else None
    if offer is not None and offer.owner_id == giver_id and offer.direction == "offer" and offer.kind is not None:
        return offer
    if request.kind != "item":
        return request
    return listings.offer_privately(owner_id=giver_id, request=request, title=title)


def _kind(subject: Subject) -> str:
    require(subject.listing.kind is not None, KindMissing)
    if subject.listing.kind != "item":
        return "help"
    return "gift" if subject.listing.terms == "give" else "loan"


def _times(
    subject: Subject, kind: str, starts_at: datetime | None, ends_at: datetime | None, minutes: int | None
) -> Times:
    now, need = clock.now(), subject.request
    begins = starts_at or max(now, (need.needed_from if need else None) or now)
    check_begin(begins)
    ends: datetime | None
    if kind == "help":
        ends = ends_at or end_of_help(begins, minutes, need)
    elif kind == "gift":
        ends = ends_at
    else:
        ends = ends_at or (need.needed_until if need else None)
    check_times(kind, begins, ends)
    return Times(begins, ends)


def _made(id: UUID, kind: str, subject: Subject, times: Times, minutes: int | None, as_gift: bool) -> Exchange:
    where = subject.request or subject.listing
    opener, invited = subject.receiver_id, subject.giver_id
    if subject.proposer == "giver":
        opener, invited = invited, opener
    conversation = conversations.open_conversation(
        listing_id=subject.listing.id, opener_id=opener, other_id=invited, exchange_id=id
    )
    agreed = None
    if kind == "help":
        assert times.ends_at is not None  # noqa: S101  # only gifts have none
        agreed = minutes or minutes_between(times.starts_at, times.ends_at)
    return Exchange(
        id=id,
        kind=kind,
        listing_id=subject.listing.id,
        request_id=subject.request.id if subject.request else None,
        answer_id=subject.answer.id if subject.answer else None,
        neighbourhood_id=where.neighbourhood_id,
        giver_id=subject.giver_id,
        receiver_id=subject.receiver_id,
        conversation_id=conversation.id,
        state="proposed",
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        minutes=agreed,
        as_gift=as_gift and kind == "help",
        requires_code=subject.listing.requires_code and kind != "help",
        created_at=clock.now(),
    )


def _begin(actor: Actor, exchange: Exchange, subject: Subject, message: str) -> None:
    """Write it, with the first words; a chosen yes inside its window is agreed at once, all else waits."""
    at_once = _consented(subject) and _inside(subject, exchange)
    bookings.check_length(listing=subject.listing, starts_at=exchange.starts_at, ends_at=exchange.ends_at)
    if subject.proposer == "receiver" and subject.answer is None:
        bookings.check_available(listing=subject.listing, starts_at=exchange.starts_at, ends_at=exchange.ends_at)
    if not at_once:
        check_free(exchange, subject.listing, actor.id)
        check_proposals(exchange, actor.id)
        check_minutes(exchange, actor.id)
    now = clock.now()
    exchange.expires_at = timeline.proposal_expires_at(now, exchange.starts_at)
    db.session.add(exchange)
    settle(exchange, "proposed", awaiting=other(subject.proposer))
    if message:
        conversations.post_text(conversation_id=exchange.conversation_id, author_id=actor.id, body=message)
    if at_once:
        agree(exchange, actor.id)
        tell(exchange, "accepted", actor.id, ExchangeAccepted(exchange.id, actor.id), how="chosen")
    else:
        acquaintances.spend(
            author_id=actor.id,
            reader_id=person_of(other(subject.proposer), exchange),
            words_at="/message" if message else None,
            asked=subject.answer is not None,
        )
        tell(exchange, "proposed", actor.id, ExchangeProposed(exchange.id, actor.id))


def _consented(subject: Subject) -> bool:
    """Whether a yes still stands: the need is open, and nothing came of that yes before."""
    answer, need = subject.answer, subject.request
    if answer is None or need is None or need.status != "published":
        return False
    return not needs.is_chosen(answer.id)


def _inside(subject: Subject, exchange: Exchange) -> bool:
    """Whether the times lie inside the window that the yes gave, or else the need's; a later is none."""
    answer, need = subject.answer, subject.request
    if answer is None or need is None or answer.answer != "yes":
        return False
    begins = answer.available_from or need.needed_from
    ends = answer.available_until or need.needed_until
    after = begins is None or begins <= exchange.starts_at
    before = ends is None or (exchange.ends_at or exchange.starts_at) <= ends
    return after and before
