"""What of an inbox leads somewhere: a row goes with its reader's right to see what it is about, and comes with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.conversations.models import Participant
from neighbourly.exchanges.holding import held
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import OPEN
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import readable
from neighbourly.notifications.catalogue import CATALOGUE, PLACELESS
from neighbourly.notifications.models import MESSAGE
from neighbourly.notifications.other_words import UNCHOSEN
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences

ENDINGS = ("request_closed", "waiting_over")
"""That something has ended is told to who had to do with it, whatever became of it since."""
BECAUSE_NEAR = ("request_nearby", "match_found")
"""Told for no other reason than that the two live near each other."""


def opens(told: Any) -> ColumnElement[bool]:
    """That the reader of a notification (the table or an alias) may open what it is about at this moment.

    Of an exchange with somebody behind a block what names the other is left only while it is still open, as in the list
    of exchanges; what was told of nobody stays: that it does not take place, say. That a need has ended is told to who
    would have helped, whatever became of it since, but not behind a block.
    """
    return and_(
        told.type.in_(CATALOGUE),
        case(
            (told.type == "moderation_case", _governs(told)),
            (told.type.in_(PLACELESS), True),
            (told.type == MESSAGE, _is_between_unblocked(told)),
            (told.exchange_id.is_not(None), _is_side(told)),
            (told.type.in_(ENDINGS), unblocked(told.user_id, told.actor_id)),
            (told.type == "answer_received", and_(listing_opens(told), or_(_is_of_all(told), _is_still_said(told)))),
            (told.type.in_(BECAUSE_NEAR), and_(listing_opens(told), _is_still_near(told))),
            else_=or_(told.listing_id.is_(None), listing_opens(told)),
        ),
    )


def listing_opens(told: Any) -> ColumnElement[bool]:
    """That its reader may read the listing that it names."""
    seen = or_(*readable(told.user_id, held(told.user_id)))
    return exists().where(Listing.id == told.listing_id, User.id == Listing.owner_id, seen).correlate(told)


def _governs(told: Any) -> ColumnElement[bool]:
    reader = User.id == told.user_id, User.state == "active", User.role.in_(("moderator", "admin"))
    return exists().where(*reader).correlate(told)


def _is_between_unblocked(told: Any) -> ColumnElement[bool]:
    other = Participant.conversation_id == told.conversation_id, Participant.user_id != told.user_id
    return exists().where(*other, unblocked(told.user_id, Participant.user_id)).correlate(told)


def _is_side(told: Any) -> ColumnElement[bool]:
    nobodys = told.actor_id.is_(None)
    goes_on = or_(nobodys, Exchange.state.in_(OPEN), unblocked(Exchange.giver_id, Exchange.receiver_id))
    mine = or_(Exchange.giver_id == told.user_id, Exchange.receiver_id == told.user_id)
    return exists().where(Exchange.id == told.exchange_id, mine, goes_on).correlate(told)


def _is_of_all(told: Any) -> ColumnElement[bool]:
    """That it tells of the yeses together, and so of nobody's."""
    return func.coalesce(told.data["variant"].astext, "") == UNCHOSEN


def _is_still_said(told: Any) -> ColumnElement[bool]:
    """That who answered is there, behind no block, and stands by that answer."""
    said = func.coalesce(told.data["answer"].astext, "yes")
    answer = Answer.listing_id == told.listing_id, Answer.user_id == told.actor_id, Answer.answer == said
    there = User.id == Answer.user_id, User.state == "active", unblocked(told.user_id, User.id)
    return exists().where(*answer, *there).correlate(told)


def _is_still_near(told: Any) -> ColumnElement[bool]:
    """That neither has moved since they were near each other; else that the reader's reach still holds it."""
    lives_there = exists().where(Home.user_id == told.user_id, Home.updated_at <= told.created_at)
    moved_away = exists().where(
        Listing.id == told.listing_id, Home.user_id == Listing.owner_id, Home.updated_at > told.created_at
    )
    within_reach = exists().where(
        Listing.id == told.listing_id,
        Preferences.user_id == told.user_id,
        Listing.location.op("<@", is_comparison=True)(Preferences.reach),
    )
    return or_(and_(lives_there.correlate(told), not_(moved_away.correlate(told))), within_reach.correlate(told))
