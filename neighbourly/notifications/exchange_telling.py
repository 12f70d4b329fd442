"""Telling the two sides of an exchange, or who looks after their neighbourhood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import list_governors
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.notifications import selectors, service
from neighbourly.notifications.other_words import AGAIN, CHOSEN, HELP, HELP_AGAIN, HELP_CHOSEN, MORE, UNSEEN
from neighbourly.notifications.times import when_of
from neighbourly.territories.models import Territory
from neighbourly.timebank.selectors import mode_of

OF_A_HELP: Mapping[tuple[str, str | None], str] = {
    ("exchange_proposed", None): HELP,
    ("exchange_proposed", AGAIN): HELP_AGAIN,
    ("exchange_countered", None): HELP,
    ("exchange_accepted", None): HELP,
    ("exchange_accepted", CHOSEN): HELP_CHOSEN,
}
"""What is said of a help with its minutes, so that one tap accepts it in full sight of them (CON-10)."""
ONE_PUSH_IN = timedelta(hours=20)
"""Of much that is alike one thing rings in so long, the inbox has the rest; less than a day, for tomorrow's hour."""


def exchange_of(exchange_id: UUID) -> Exchange:
    """The exchange of an event, which is there."""
    return db.session.get_one(Exchange, exchange_id)


def tell_sides(
    type_name: str,
    exchange: Exchange,
    people: tuple[UUID, ...],
    actor_id: UUID | None,
    about: object,
    variant: str | None = None,
    silently: bool = False,
    **figures: object,
) -> None:
    """One or both sides hear of their exchange; of a help that is to be agreed, with its minutes and their price."""
    of_a_help = OF_A_HELP.get((type_name, variant)) if exchange.kind == "help" else None
    when = when_of(type_name, variant, exchange)
    told = {"variant": of_a_help or variant, "when": when and when.isoformat(), **figures}
    said = {name: each for name, each in told.items() if each is not None}
    prices = {each: _price(exchange, each) if of_a_help else {} for each in people}
    service.tell(
        type_name=type_name,
        people={each: said | prices[each] for each in people},
        about=about,
        listing_id=exchange.listing_id,
        exchange_id=exchange.id,
        conversation_id=exchange.conversation_id,
        actor_id=actor_id,
        silently=silently,
    )


def _price(exchange: Exchange, user_id: UUID) -> dict[str, object]:
    """What a help costs or gives one of the two."""
    price = "earned" if user_id == exchange.giver_id else "paid"
    if exchange.as_gift:
        price = "gift"
    elif mode_of(exchange.neighbourhood_id) == "gift":
        price = "uncounted"
    return {"minutes": exchange.minutes, "price": price}


def tell_governors(exchange: Exchange, about: str, said: Mapping[str, str], *, may_open: bool = False) -> None:
    """Who looks after the neighbourhood hears of it, neither of the two does; `may_open`: with the exchange's id.

    Those who heard something of the kind today find what they may open in their inbox alone.
    """
    territory = exchange.neighbourhood_id and db.session.get(Territory, exchange.neighbourhood_id)
    governors = set(list_governors(territory.code if territory else None)) - {exchange.giver_id, exchange.receiver_id}
    heard = heard_today(tuple(governors), "moderation_case") if may_open else set()
    for people, silently in ((governors - heard, False), (governors & heard, True)):
        service.tell(
            type_name="moderation_case",
            people=dict.fromkeys(people, said),
            about=about,
            exchange_id=exchange.id if may_open else None,
            silently=silently,
        )


def heard_today(people: tuple[UUID, ...], type_name: str) -> set[UUID]:
    """Which of these were told something of the kind today; one statement."""
    return selectors.list_told(people, type_name, since=clock.now() - ONE_PUSH_IN)


def more_than_seen(exchange: Exchange) -> str | None:
    """More than was agreed is asked for in so many words, and what was agreed without having been seen (LED-08)."""
    if exchange.consented_minutes is None:
        return UNSEEN
    agreed = exchange.agreed_minutes
    return MORE if agreed is not None and (exchange.minutes or 0) > agreed else None


def minutes_of(exchange: Exchange) -> dict[str, Any]:
    """The figures of a help whose minutes are said."""
    return {"minutes": exchange.minutes, "agreed_minutes": exchange.agreed_minutes}
