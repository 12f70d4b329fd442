"""Proposing: on a listing, or from a chosen answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import orjson

from neighbourly.accounts.selectors import Actor
from neighbourly.acquaintances import service as acquaintances
from neighbourly.answers.errors import helps_only
from neighbourly.conversations import service as conversations
from neighbourly.core import clock
from neighbourly.core.db import db, take_turns
from neighbourly.core.errors import IdTaken, require
from neighbourly.core.ids import new_id
from neighbourly.exchanges import consent, needs, selectors, timeline
from neighbourly.exchanges.consent import Choice
from neighbourly.exchanges.errors import KindMissing, OwnOffer
from neighbourly.exchanges.events import ExchangeAccepted, ExchangeProposed
from neighbourly.exchanges.lifecycle import HELP, other
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.policy import person_of
from neighbourly.exchanges.selectors import ExchangeView
from neighbourly.exchanges.service.agreeing import agree, check_proposals, check_stays
from neighbourly.exchanges.service.moving import settle, tell
from neighbourly.exchanges.service.rules import check_proposed
from neighbourly.exchanges.service.subjects import Subject, choose, hold_answer, take_up
from neighbourly.exchanges.service.times import check_begin, check_times, end_of_help, minutes_between
from neighbourly.listings.durations import are_hours
from neighbourly.listings.models import Listing
from neighbourly.timebank.selectors import mode_of


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
    answer_version: str | None = None,
) -> tuple[ExchangeView, bool]:
    """Anyone proposes on what they see; who chooses a yes as it was said and read has agreed at once, once (CON-10).

    The flag says whether it is new: the same id with the same content is the same exchange (REL-07), and so is a
    second tap: one answer leads to one living exchange, the same words without an id to one that waits. Raises
    `OwnOffer`, `KindMissing`, `NotAvailable`, `LoanTooLong`, `AlreadyBooked`, `FloorReached`, `StaleVersion` where the
    answer is not the one that was read, the rules of fair use, and 422s.
    """
    read = () if answer_version is None else (answer_version,)
    said = _digest(actor.id, listing_id, answer_id, offer_id, starts_at, ends_at, minutes, as_gift, message, *read)
    known = _known(id) if id is not None else None
    if known is not None:
        require(known.said == said, IdTaken)
        return selectors.view_exchange(known.id, actor.id, actor.language), False
    living = _hold_living(actor, answer_id, listing_id, said, own_id=id is not None)
    if living is not None:
        return selectors.view_exchange(living, actor.id, actor.language), False
    check_stays(actor)
    subject = _find_subject(actor, answer_id, listing_id, offer_id, answer_version)
    require(subject.giver_id != subject.receiver_id, OwnOffer)
    exchange = _write(id or new_id(), subject, starts_at, ends_at, minutes, as_gift)
    exchange.said = said
    _begin(actor, exchange, subject, message)
    return selectors.view_exchange(exchange.id, actor.id, actor.language), True


def _hold_living(
    actor: Actor, answer_id: UUID | None, listing_id: UUID | None, said: bytes, *, own_id: bool
) -> UUID | None:
    """What already came of the same tap; nobody else taps so until the transaction ends."""
    if answer_id is not None:
        hold_answer(answer_id, actor.id)
        return needs.find_living(answer_id, actor.id)
    if own_id or listing_id is None:
        return None
    take_turns(uuid5(listing_id, str(actor.id)))
    return needs.find_waiting(said, actor.id)


def _known(id: UUID) -> Exchange | None:
    """What this id already stands for; nobody else uses it until the transaction ends."""
    take_turns(id)
    return db.session.get(Exchange, id)


def _digest(*said: UUID | datetime | str | int | None) -> bytes:
    """What was said by whom, comparable later: an exchange changes, what it began with does not."""
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_UTC_Z)).digest()


def _find_subject(
    actor: Actor, answer_id: UUID | None, listing_id: UUID | None, offer_id: UUID | None, version: str | None
) -> Subject:
    if answer_id is not None:
        return choose(actor, answer_id, version)
    assert listing_id is not None  # noqa: S101  # the schema takes one of the two
    return take_up(actor, listing_id, offer_id)


def _write(
    id: UUID, subject: Subject, starts_at: datetime | None, ends_at: datetime | None, minutes: int | None, as_gift: bool
) -> Exchange:
    """The exchange as it is proposed, with what of a chosen answer is other than was said or read."""
    kind = _get_kind(subject, minutes, as_gift=as_gift)
    price = minutes
    if kind == HELP and minutes is None and ends_at is None:
        price = _get_price_read(subject)
    exchange = _made(id, kind, subject, _times(subject, kind, starts_at, ends_at, price), price, as_gift)
    consent.require_said(exchange.minutes, said=minutes)
    price_said = price is not None or ends_at is not None or _has_hours(subject)
    exchange.differs = _list_differences(subject, exchange, price_said=price_said)
    return exchange


def _get_kind(subject: Subject, minutes: int | None, *, as_gift: bool) -> str:
    """What it becomes; minutes, or that it costs none, are said of a help alone."""
    kind = consent.kind_of(subject.listing, subject.request)
    if kind is None:
        raise KindMissing()
    if kind != HELP and minutes is not None:
        raise helps_only("/minutes")
    if kind != HELP and as_gift:
        raise helps_only("/as_gift")
    return kind


def _get_price_read(subject: Subject) -> int | None:
    """The minutes that a helper wrote, where who chooses read them, or offered as much by the need's hours."""
    answer, request = subject.answer, subject.request
    if answer is None or answer.minutes is None or request is None:
        return None
    is_offered = request.minutes is not None and answer.minutes <= request.minutes
    return answer.minutes if subject.seen or is_offered else None


def _has_hours(subject: Subject) -> bool:
    """Whether who asked wrote hours, so that what is reckoned from them is their word."""
    need = subject.request
    return need is not None and are_hours(need.needed_from, need.needed_until)


def _list_differences(subject: Subject, exchange: Exchange, *, price_said: bool) -> list[str]:
    """Of a chosen answer what is other than was said or read."""
    answer, request = subject.answer, subject.request
    if answer is None or request is None:
        return []
    offer = None if answer.offer_id is None else db.session.get(Listing, answer.offer_id)
    was_chosen = needs.is_chosen(answer.id)
    is_counted = exchange.kind == HELP and mode_of(exchange.neighbourhood_id) == "hours"
    choice = Choice(
        answer,
        request,
        offer,
        was_chosen=was_chosen,
        seen=subject.seen,
        price_said=price_said,
        is_counted=is_counted,
    )
    return consent.list_differences(choice, exchange)


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
        listing=subject.listing, opener_id=opener, other_id=invited, exchange_id=id
    )
    agreed = None
    if kind == "help":
        assert times.ends_at is not None  # noqa: S101  # only gifts have none
        agreed = minutes or minutes_between(times.starts_at, times.ends_at)
    exchange = Exchange(
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
        terms_digest=consent.digest_terms(subject.listing, subject.request),
        created_at=clock.now(),
    )
    exchange.keep(subject.listing)
    return exchange


def _begin(actor: Actor, exchange: Exchange, subject: Subject, message: str) -> None:
    """Write it, with the first words; a chosen yes of which nothing is other is agreed at once, all else waits."""
    at_once = subject.answer is not None and not exchange.differs
    check_proposed(exchange, actor.id, by=subject.proposer, chosen=subject.answer is not None)
    if not at_once:
        check_proposals(exchange, actor.id)
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
