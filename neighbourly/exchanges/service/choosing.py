"""Somebody said yes to a need, and waits to be chosen."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from neighbourly.answers.models import Answer
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges.events import ChoiceDue
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.needs import PROMISED
from neighbourly.listings.models import Listing
from neighbourly.preferences.lead import MOST, remind_of_answer_at
from neighbourly.preferences.models import Preferences

RESTS = (Preferences.quiet_from, Preferences.quiet_to, Preferences.time_zone)
LOOKED_BACK = timedelta(hours=2)
"""A reminder that fell due longer ago is left out: the end of the need is near, or is told of by itself."""


def remind_of_choices() -> None:
    """Who asked hears that yeses wait, a day after the first or sooner where the need ends sooner; one statement.

    Told is it once a need, however often this looks.
    """
    now = clock.now()
    first_yes = func.min(Answer.updated_at).label("first_yes")
    chosen = select(Exchange.id).where(Exchange.request_id == Listing.id, Exchange.state.in_(("proposed", *PROMISED)))
    waiting = (
        select(Listing.id, Listing.expires_at, first_yes, *RESTS)
        .join(Answer, Answer.listing_id == Listing.id)
        .join(Preferences, Preferences.user_id == Listing.owner_id)
        .where(Listing.status == "published", Listing.expires_at > now, ~chosen.exists())
        .where(Answer.answer == "yes", Answer.updated_at > now - MOST - LOOKED_BACK)
        .group_by(Listing.id, Preferences.user_id)
    )
    for need in db.session.execute(waiting).all():
        due_at = remind_of_answer_at(need.first_yes, need.expires_at, need)
        if now - LOOKED_BACK < due_at <= now:
            publish(ChoiceDue(need.id))
