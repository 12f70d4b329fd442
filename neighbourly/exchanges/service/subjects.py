"""What is proposed to whom: a listing taken up, or an answer chosen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from neighbourly.accounts.selectors import Actor, get_neighbour, hold_person
from neighbourly.answers.errors import another_kind
from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING, read_terms, read_version
from neighbourly.answers.terms import title_kept
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound, StaleVersion, fault, require
from neighbourly.exchanges import needs
from neighbourly.exchanges.errors import KindMissing, OwnOffer
from neighbourly.exchanges.lifecycle import Side
from neighbourly.listings import service as listings
from neighbourly.listings.durations import sort_of
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import get_listing

NEVER_SHOWN = ("draft", "removed")


@dataclass(frozen=True)
class Subject:
    """The thing or help, the two sides, and the need that it meets, if any."""

    listing: Listing
    giver_id: UUID
    receiver_id: UUID
    proposer: Side
    request: Listing | None = None
    answer: Answer | None = None
    seen: bool = False
    """Whether who chooses the answer says that they read it as it is."""


def hold_answer(answer_id: UUID, chooser_id: UUID) -> None:
    """An answer that nobody else chooses or changes meanwhile: it is consent to one agreement.

    Who answered and who chooses are held first, in the order of their ids: two may choose each other at one moment.
    """
    answerer_id = db.session.scalar(select(Answer.user_id).where(Answer.id == answer_id))
    if answerer_id is None:
        return
    for person_id in sorted({answerer_id, chooser_id}):
        hold_person(person_id)
    held = select(Answer).where(Answer.id == answer_id).with_for_update(key_share=True)
    db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def take_up(actor: Actor, listing_id: UUID, offer_id: UUID | None) -> Subject:
    """An offer that the actor would like, or a request that the actor would meet."""
    listing = get_listing(listing_id, actor.id)
    require(listing.owner_id != actor.id, OwnOffer)
    if listing.direction == "offer":
        if offer_id is not None:
            raise fault("/offer_id", "requests_only", fr="Ceci est une offre.", en="This is an offer.")
        return Subject(listing, listing.owner_id, actor.id, "receiver")
    require(listing.kind is not None, KindMissing)
    thing = _find_meant(listing, actor.id) if offer_id is None else _get_own(offer_id, actor.id, listing)
    return Subject(thing, actor.id, listing.owner_id, "giver", request=listing)


def choose(actor: Actor, answer_id: UUID, version: str | None) -> Subject:
    """A yes or later to the actor's own request, of somebody who is there and behind no block; held already.

    `version`: of the answer that the actor read; raises `StaleVersion`, with the answer as it is, where it is another.
    """
    answer = db.session.get(Answer, answer_id)
    if answer is None or answer.answer not in WILLING:
        raise NotFound()
    request = get_listing(answer.listing_id, actor.id)
    require(request.owner_id == actor.id, NotFound)
    get_neighbour(answer.user_id, actor.id)
    if version is not None and version != read_version(answer, request):
        raise StaleVersion(current=read_terms(answer, request))
    thing = _find_thing(request, answer.user_id, answer.offer_id, title_kept(answer))
    return Subject(
        thing, answer.user_id, actor.id, "receiver", request=request, answer=answer, seen=version is not None
    )


def _get_own(offer_id: UUID, giver_id: UUID, request: Listing) -> Listing:
    """The giver's own offer that they name for a need; one of another kind does not fit it."""
    offer = db.session.get(Listing, offer_id)
    if offer is None or not _is_offered_by(offer, giver_id):
        raise NotFound()
    if sort_of(offer.kind) != sort_of(request.kind):
        raise another_kind("/offer_id")
    return offer


def _find_meant(request: Listing, giver_id: UUID) -> Listing:
    """Who names nothing means what their yes comes with, else the only offer of theirs that is of that kind."""
    said = needs.find_yes(request.id, giver_id)
    if said is None:
        return _find_thing(request, giver_id, needs.find_only_offer(request, giver_id))
    return _find_thing(request, giver_id, said.offer_id, title_kept(said))


def _find_thing(request: Listing, giver_id: UUID, offer_id: UUID | None, title: str = "") -> Listing:
    """The giver's own offer where they named one that still fits; else for a thing an offer that nobody sees.

    For a help it is the need. What a moderator removed is promised by nobody. Raises `KindMissing` and `NotFound`.
    """
    require(request.kind is not None, KindMissing)
    offer = db.session.get(Listing, offer_id) if offer_id else None
    require(offer is None or offer.status != "removed", NotFound)
    if offer is not None and _is_offered_by(offer, giver_id) and sort_of(offer.kind) == sort_of(request.kind):
        return offer
    if request.kind != "item":
        return request
    return listings.offer_privately(owner_id=giver_id, request=request, title=title)


def _is_offered_by(offer: Listing, giver_id: UUID) -> bool:
    theirs = offer.owner_id == giver_id and offer.direction == "offer"
    return theirs and offer.deleted_at is None and offer.status not in NEVER_SHOWN
