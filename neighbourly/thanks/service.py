"""Use cases of thanks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.api.pagination import Page
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound, require
from neighbourly.core.events import publish
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import are_parted, get_exchange
from neighbourly.thanks import policy, selectors
from neighbourly.thanks.errors import AlreadyThanked, NothingToThankFor
from neighbourly.thanks.events import ConcernRaised, ThanksWritten
from neighbourly.thanks.models import NEVER, Concern, Thanks
from neighbourly.thanks.selectors import BothThanks


def thank_neighbour(*, actor: Actor, exchange_id: UUID, text: str) -> tuple[BothThanks, bool]:
    """Each side thanks once, after the end and behind no block; the other reads it, and shows it if they like.

    Who thanks back agrees to show what was said of them, as far as `policy.may_be_shown_unasked`; who thanked first
    has agreed to nothing yet. The flag says whether it is new. Raises `NothingToThankFor` and `AlreadyThanked`.
    """
    exchange = get_exchange(exchange_id, actor.id, lock=True)
    known = selectors.find_thanks(exchange_id, actor.id)
    if known is not None and known.text:
        require(known.text == text, AlreadyThanked)
        return selectors.view_both(exchange, actor.id), False
    require(policy.may_thank(exchange) and not are_parted(exchange), NothingToThankFor)
    about_id, now = _other_side(exchange, actor.id), clock.now()
    written = known or Thanks(exchange_id=exchange_id, author_id=actor.id, about_id=about_id)
    written.text, written.created_at, written.shown = text, now, None
    if known is not None:
        written.visible_at = now
    db.session.add(written)
    theirs = selectors.find_thanks(exchange_id, about_id)
    if theirs is not None and policy.may_be_shown_unasked(theirs):
        _set_shown(theirs, shown=True)
    db.session.flush()
    publish(ThanksWritten(exchange_id, actor.id, about_id))
    return selectors.view_both(exchange, actor.id), True


def _other_side(exchange: Exchange, user_id: UUID) -> UUID:
    return exchange.giver_id if user_id == exchange.receiver_id else exchange.receiver_id


def _set_shown(thanks: Thanks, *, shown: bool) -> None:
    thanks.shown, thanks.visible_at = shown, clock.now() if shown else NEVER


def get_thanks(*, actor: Actor, exchange_id: UUID) -> BothThanks:
    """The two sides see what was said: each their own, and what was said of them."""
    return selectors.view_both(get_exchange(exchange_id, actor.id), actor.id)


def show_thanks(*, actor: Actor, exchange_id: UUID, shown: bool) -> BothThanks:
    """Only the person it is about shows it on their page, and takes it off at any time (SEC-26).

    Raises `NotFound` where nothing was said, or where it cannot be read because of a block.
    """
    exchange = get_exchange(exchange_id, actor.id, lock=True)
    theirs = selectors.find_thanks(exchange_id, _other_side(exchange, actor.id))
    if theirs is None or not theirs.text or (shown and are_parted(exchange)):
        raise NotFound()
    if theirs.shown is not shown:
        _set_shown(theirs, shown=shown)
    db.session.flush()
    return selectors.view_both(exchange, actor.id)


def take_thanks_back(*, actor: Actor, exchange_id: UUID) -> None:
    """Who wrote takes their words back at any time, and may write others; none there is no mistake."""
    get_exchange(exchange_id, actor.id, lock=True)
    mine = selectors.find_thanks(exchange_id, actor.id)
    if mine is not None:
        mine.text = ""
        _set_shown(mine, shown=False)


def list_received_thanks(*, actor: Actor, limit: int, cursor: str | None) -> Page:
    """Everyone reads what is said of themselves, whether they show it or not."""
    return selectors.list_received(actor.id, language=actor.language, limit=limit, cursor=cursor)


def raise_concern(*, actor: Actor, exchange_id: UUID, text: str, about: str = "exchange") -> None:
    """What one would rather not say to all goes to the moderators, and to nobody else; said again, it replaces.

    About `thanks` they read these as well, as they stood, and one's page shows them no longer. Raises `NotFound`
    where there are none.
    """
    exchange = get_exchange(exchange_id, actor.id, lock=about == "thanks")
    said = insert(Concern).values(
        exchange_id=exchange_id,
        author_id=actor.id,
        neighbourhood_id=exchange.neighbourhood_id,
        text=text,
        quoted=_quote(exchange, actor.id) if about == "thanks" else None,
        created_at=clock.now(),
    )
    again = said.on_conflict_do_update(
        index_elements=["exchange_id", "author_id"],
        set_={
            "text": text,
            "quoted": func.coalesce(said.excluded.quoted, Concern.quoted),
            "created_at": clock.now(),
        },
    )
    db.session.execute(again)
    publish(ConcernRaised(exchange_id, actor.id))


def _quote(exchange: Exchange, about_id: UUID) -> str:
    """The words that are reported, which are shown no longer."""
    theirs = selectors.find_thanks(exchange.id, _other_side(exchange, about_id))
    if theirs is None or not theirs.text:
        raise NotFound()
    _set_shown(theirs, shown=False)
    return theirs.text


def list_concerns(*, actor: Actor, limit: int, cursor: str | None) -> Page:
    """Only moderators read concerns, those of their own territory."""
    require(policy.may_read_concerns(actor))
    return selectors.list_concerns(actor, limit=limit, cursor=cursor)


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes along what was said of them and what they told moderators.

    Their thanks stay with others, and where they are reported, without contact data.
    """
    db.session.execute(delete(Thanks).where(Thanks.about_id == user_id))
    db.session.execute(delete(Concern).where(Concern.author_id == user_id))
    for thanks in db.session.scalars(select(Thanks).where(Thanks.author_id == user_id)):
        thanks.text = mask_contact_data(thanks.text)
    theirs = or_(Exchange.giver_id == user_id, Exchange.receiver_id == user_id)
    about = select(Concern).join(Exchange, Exchange.id == Concern.exchange_id)
    for concern in db.session.scalars(about.where(theirs, Concern.quoted.is_not(None))):
        concern.quoted = mask_contact_data(concern.quoted or "")
