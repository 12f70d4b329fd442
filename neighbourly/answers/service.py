"""Use cases of answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from neighbourly.accounts.selectors import Actor
from neighbourly.acquaintances import service as acquaintances
from neighbourly.answers import policy, selectors, terms
from neighbourly.answers.errors import OwnRequest, RequestsOnly, another_kind, helps_only
from neighbourly.answers.events import AnswerGiven
from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING, OwnAnswer
from neighbourly.core.api.pagination import Page
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound, fault, require
from neighbourly.core.events import publish
from neighbourly.listings.durations import sort_of
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import get_listing


def answer_request(
    *,
    actor: Actor,
    listing_id: UUID,
    answer: str,
    offer_id: UUID | None = None,
    title: str = "",
    message: str = "",
    keep_asking: bool = False,
    available_from: datetime | None = None,
    available_until: datetime | None = None,
    minutes: int | None = None,
) -> tuple[OwnAnswer, bool]:
    """Whoever sees a request may answer it, asked or not; a second answer takes the place of the first.

    `title`: what they call a thing that they have not listed. The flag says whether it is the first. Raises
    `NotFound`, `OwnRequest`, `RequestsOnly`, `WaitForReply`, `TooManyQuestions` and 422s: for an offer that is not the
    answerer's own, not shown or of another kind than the need, for the name of a thing where none is asked for, and for
    minutes of a thing.
    """
    given = selectors.hold_answer(listing_id, actor.id)
    request = get_listing(listing_id, actor.id)
    require(request.owner_id != actor.id, OwnRequest)
    require(request.direction == "request", RequestsOnly)
    offer = None if offer_id is None else _check_offer(offer_id, actor, request)
    _check_fitting(request, title, minutes)
    new = given is None
    given = given or Answer(listing_id=listing_id, user_id=actor.id)
    said = given.answer in WILLING
    heard, before = ((given.message, given.title), terms.thing_of(given)) if said else (None, None)
    given.answer, given.offer_id, given.title, given.message = answer, offer_id, title, message
    given.keep_asking = keep_asking
    given.available_from, given.available_until, given.minutes = available_from, available_until, minutes
    _keep_terms(given, request, offer, before)
    db.session.add(given)
    db.session.flush()
    if answer in WILLING and heard != (message, title):
        _spend_first_words(given, request, heard)
    publish(AnswerGiven(given.id, listing_id, actor.id, answer))
    return selectors.view_own(given, request), new


def _spend_first_words(given: Answer, request: Listing, heard: tuple[str, str] | None) -> None:
    """What the asker has not heard yet is told within the budget (SEC-27); `heard` is what was said before, if willing.

    It answers a question to everyone. Words that are taken back, or that were heard before, cost nothing.
    """
    message, title = heard or ("", "")
    words_at = (
        "/message" if given.message not in ("", message) else "/title" if given.title not in ("", title) else None
    )
    if heard is None or words_at is not None:
        acquaintances.spend(author_id=given.user_id, reader_id=request.owner_id, words_at=words_at, asked=True)


def _check_fitting(request: Listing, title: str, minutes: int | None) -> None:
    """A name is said of a thing, minutes of a help."""
    if minutes is not None and sort_of(request.kind) == "thing":
        raise helps_only("/minutes")
    if title and sort_of(request.kind) == "help":
        raise fault("/title", "things_only", fr="On ne demande pas d'objet.", en="It is no thing that is asked for.")


def _keep_terms(given: Answer, request: Listing, offer: Listing | None, before: terms.Thing | None) -> None:
    """What it was answered to and with stays with it; who said something else before is held to be read anew."""
    if given.answer not in WILLING:
        given.terms = terms.mark_taken_back(given, before)
        return
    given.terms = terms.describe(request, offer, revised=terms.is_revised(given, before, offer))


def _check_offer(offer_id: UUID, actor: Actor, request: Listing) -> Listing:
    offer = db.session.get(Listing, offer_id)
    if offer is None or offer.owner_id != actor.id or offer.direction != "offer" or offer.status != "published":
        raise fault(
            "/listing_id",
            "not_your_offer",
            fr="Ce n'est pas une de vos offres publiées.",
            en="This is not one of your published offers.",
        )
    if None not in (offer.kind, request.kind) and sort_of(offer.kind) != sort_of(request.kind):
        raise another_kind("/listing_id")
    return offer


def list_answers(*, actor: Actor, listing_id: UUID, limit: int, cursor: str | None) -> Page:
    """Only who asked reads the answers; to anyone else there are none to be found."""
    request = get_listing(listing_id, actor.id)
    require(policy.may_read_answers(actor.id, request), NotFound)
    return selectors.list_answers(request, limit=limit, cursor=cursor)


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes their answers along, and what others' answers kept of their needs."""
    db.session.execute(delete(Answer).where(Answer.user_id == user_id))
    theirs = select(Listing.id).where(Listing.owner_id == user_id, Listing.direction == "request")
    db.session.execute(update(Answer).where(Answer.listing_id.in_(theirs)).values(terms=None))
