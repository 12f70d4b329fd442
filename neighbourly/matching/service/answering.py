"""A yes comes with the thing that it is meant of, so that one thing is not promised twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.answers import service as answers
from neighbourly.answers.selectors import WILLING, find_answer
from neighbourly.core.db import db
from neighbourly.core.errors import require
from neighbourly.listings.models import Listing
from neighbourly.matching import selectors
from neighbourly.matching.errors import TooManyOpenAnswers
from neighbourly.matching.rule import OPEN_YESES
from neighbourly.matching.selectors import GivenAnswer


def answer_request(*, actor: Actor, listing_id: UUID, answer: str, **said: Any) -> tuple[GivenAnswer, bool]:
    """Who was asked for an offer of theirs says yes with that offer, unless they name another thing, or none.

    `said` holds what `answers.answer_request` takes; without `offer_id` nothing is said of the thing. Who has offers
    that fit is shown them. The flag says whether it is the first answer. Raises `TooManyOpenAnswers`, and what
    `answers.answer_request` does.
    """
    before = find_answer(listing_id, actor.id)
    was_willing = before is not None and before.answer in WILLING
    if "offer_id" not in said and not said.get("title") and answer in WILLING:
        meant = selectors.find_meant(listing_id, actor.id)
        said |= {"offer_id": meant.offer_id, "title": "" if meant.offer_id else meant.title}
    own, new = answers.answer_request(actor=actor, listing_id=listing_id, answer=answer, **said)
    if answer not in WILLING:
        return GivenAnswer(own, ()), new
    # Counted afterwards, since the answer holds its person: of two taps at one moment the second counts the first.
    require(was_willing or selectors.count_open_yeses(actor.id) <= OPEN_YESES, TooManyOpenAnswers)
    request = db.session.get_one(Listing, listing_id)
    return GivenAnswer(own, selectors.list_own_fitting(request, actor.id)), new
