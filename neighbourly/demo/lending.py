"""What the demo's neighbours have lent and helped before anyone looks: by the use cases, then put back in time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.demo.neighbourhood import CONTENT, DemoContentError
from neighbourly.exchanges import service
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.thanks import service as thanks
from neighbourly.thanks.models import NEVER, Thanks

ENDS = frozenset({"proposed", "lent", "returned", "handed_over", "confirmed"})
DOMAIN = "@demo.neighbourly.example"
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class DemoExchange:
    """Who took up which offer, so many days ago (a negative number: in so many), and how far it has come."""

    offer: str
    receiver: str
    days_ago: int
    ends_as: str
    days: int = 1
    minutes: int | None = None
    thanks: Sequence[str] = ()
    """The receiver's words, then the giver's."""


def read() -> list[DemoExchange]:
    """The demo's exchanges; raises DemoContentError where one ends as nothing does."""
    entries = json.loads((CONTENT / "exchanges.json").read_text(encoding="utf-8"))
    found = [DemoExchange(**entry) for entry in entries]
    for each in found:
        if each.ends_as not in ENDS:
            raise DemoContentError(f"“{each.offer}” ends as {each.ends_as}, which nothing does")
    return found


def lend(actors: Mapping[str, Actor]) -> int:
    """Let all of it have happened; nobody's phone rings for what is long past. How many there are."""
    found = read()
    by_id = {actor.id: actor for actor in actors.values()}
    for each in found:
        _happen(each, actors[each.receiver + DOMAIN], by_id)
    db.session.execute(delete(Delivery))
    db.session.execute(update(Notification).values(read_at=clock.now()))
    return len(found)


def _happen(said: DemoExchange, receiver: Actor, people: Mapping[UUID, Actor]) -> None:
    offer = db.session.scalars(select(Listing).where(Listing.title == said.offer)).one()
    giver, now = people[offer.owner_id], clock.now()
    starts_at = now + max(SOON, timedelta(days=-said.days_ago))
    lasts = timedelta(minutes=said.minutes) if said.minutes else timedelta(days=said.days)
    view, _ = service.create_exchange(
        actor=receiver,
        listing_id=offer.id,
        starts_at=starts_at,
        ends_at=None if offer.terms == "give" else starts_at + lasts,
        minutes=said.minutes,
    )
    exchange = view.exchange
    if said.ends_as == "proposed":
        return
    service.accept_exchange(actor=giver, exchange_id=exchange.id)
    _end(said, exchange, giver, receiver)
    if said.ends_as in ("returned", "confirmed"):
        _put_back(exchange, timedelta(days=said.days_ago))


def _end(said: DemoExchange, exchange: Exchange, giver: Actor, receiver: Actor) -> None:
    if said.ends_as == "confirmed":
        service.finish_help(actor=giver, exchange_id=exchange.id)
        service.confirm_help(actor=receiver, exchange_id=exchange.id)
    else:
        service.hand_over(actor=giver, exchange_id=exchange.id)
    if said.ends_as == "returned":
        service.return_thing(actor=receiver, exchange_id=exchange.id)
    for actor, words in zip((receiver, giver), said.thanks, strict=False):
        thanks.thank_neighbour(actor=actor, exchange_id=exchange.id, text=words)


def _put_back(exchange: Exchange, by: timedelta) -> None:
    """As if it had been so many days earlier."""
    for name in ("created_at", "starts_at", "ends_at", "accepted_at", "handed_over_at", "done_at", "ended_at"):
        moment: datetime | None = getattr(exchange, name)
        if moment is not None:
            setattr(exchange, name, moment - by)
    exchange.tapped_by = exchange.tapped_at = None
    for said in db.session.scalars(select(Thanks).where(Thanks.exchange_id == exchange.id)):
        said.created_at, said.visible_at = said.created_at - by, said.visible_at - by if said.shown else NEVER
