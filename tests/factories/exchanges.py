"""Exchanges for tests, moved by the services that move the real ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges import service
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from tests.factories.listings import actor


def day(number: float) -> datetime:
    """So many days from now."""
    return clock.now() + timedelta(days=number)


def propose(user: User, listing: Listing, begins: float = 1, days: float = 2, **said: Any) -> Exchange:
    """This person would like it, from so many days on and for so many."""
    times: dict[str, Any] = {"starts_at": day(begins)}
    if listing.kind == "item":
        times["ends_at"] = day(begins + days)
    view, _ = service.create_exchange(actor=actor(user), listing_id=listing.id, **times | said)
    db.session.commit()
    return view.exchange


def agree(user: User, listing: Listing, begins: float = 1, days: float = 2, **said: Any) -> Exchange:
    """Proposed, and accepted by who was asked."""
    exchange = propose(user, listing, begins, days, **said)
    service.accept_exchange(actor=actor(opposite(user, exchange)), exchange_id=exchange.id)
    db.session.commit()
    return exchange


def lend(user: User, listing: Listing, begins: float = 1, days: float = 2) -> Exchange:
    """Agreed, and handed over by the giver."""
    exchange = agree(user, listing, begins, days)
    service.hand_over(actor=actor(giver_of(exchange)), exchange_id=exchange.id)
    db.session.commit()
    return exchange


def bring_back(user: User, listing: Listing) -> Exchange:
    """Lent, and brought back by the receiver."""
    exchange = lend(user, listing)
    service.return_thing(actor=actor(user), exchange_id=exchange.id)
    db.session.commit()
    return exchange


def dispute(user: User, listing: Listing) -> Exchange:
    """Lent, and disputed by the receiver."""
    exchange = lend(user, listing)
    service.dispute_exchange(actor=actor(user), exchange_id=exchange.id, reason="Il manque le chargeur.")
    db.session.commit()
    return exchange


def giver_of(exchange: Exchange) -> User:
    """Who gives."""
    return db.session.get_one(User, exchange.giver_id)


def opposite(user: User, exchange: Exchange) -> User:
    """The other side."""
    other = exchange.giver_id if user.id == exchange.receiver_id else exchange.receiver_id
    return db.session.get_one(User, other)
