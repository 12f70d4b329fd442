"""Use cases of thanks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.api.pagination import Page
from neighbourly.core.db import db
from neighbourly.core.errors import require
from neighbourly.core.events import publish
from neighbourly.exchanges.selectors import get_exchange
from neighbourly.thanks import policy, selectors
from neighbourly.thanks.errors import AlreadyThanked, NothingToThankFor
from neighbourly.thanks.events import ConcernRaised, ThanksWritten
from neighbourly.thanks.models import Concern, Thanks
from neighbourly.thanks.selectors import BothThanks

SEEN_AFTER = timedelta(days=14)


def thank_neighbour(*, actor: Actor, exchange_id: UUID, text: str) -> tuple[BothThanks, bool]:
    """Each side thanks once, after the end, also after a block; all see it once both wrote, or after 14 days.

    The flag says whether it is new. Raises `NothingToThankFor` and `AlreadyThanked`.
    """
    exchange = get_exchange(exchange_id, actor.id, lock=True)
    require(policy.may_thank(exchange), NothingToThankFor)
    known = db.session.get(Thanks, (exchange_id, actor.id))
    if known is not None:
        require(known.text == text, AlreadyThanked)
        return selectors.both_of(exchange, actor.id), False
    about_id = exchange.giver_id if actor.id == exchange.receiver_id else exchange.receiver_id
    now = clock.now()
    written = Thanks(
        exchange_id=exchange_id,
        author_id=actor.id,
        about_id=about_id,
        text=text,
        created_at=now,
        visible_at=now + SEEN_AFTER,
    )
    db.session.add(written)
    other = db.session.get(Thanks, (exchange_id, about_id))
    if other is not None:
        written.visible_at, other.visible_at = now, min(now, other.visible_at)
    db.session.flush()
    publish(ThanksWritten(exchange_id, actor.id, about_id, both=other is not None))
    return selectors.both_of(exchange, actor.id), True


def get_thanks(*, actor: Actor, exchange_id: UUID) -> BothThanks:
    """The two sides see what was said, each their own from the start."""
    return selectors.both_of(get_exchange(exchange_id, actor.id), actor.id)


def raise_concern(*, actor: Actor, exchange_id: UUID, text: str) -> None:
    """What one would rather not say to all goes to the moderators, and to nobody else; said again, it replaces."""
    exchange = get_exchange(exchange_id, actor.id)
    said = insert(Concern).values(
        exchange_id=exchange_id,
        author_id=actor.id,
        neighbourhood_id=exchange.neighbourhood_id,
        text=text,
        created_at=clock.now(),
    )
    again = said.on_conflict_do_update(
        index_elements=["exchange_id", "author_id"], set_={"text": text, "created_at": clock.now()}
    )
    db.session.execute(again)
    publish(ConcernRaised(exchange_id, actor.id))


def list_concerns(*, actor: Actor, limit: int, cursor: str | None) -> Page:
    """Only moderators read concerns, those of their own territory."""
    require(policy.may_read_concerns(actor))
    return selectors.list_concerns(actor, limit=limit, cursor=cursor)


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes along what was said of them and what they told moderators; their thanks stay with others."""
    db.session.execute(delete(Thanks).where(Thanks.about_id == user_id))
    db.session.execute(delete(Concern).where(Concern.author_id == user_id))
