"""Who is reminded of what waits, in the words that fit each of the two (NOT-02)."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.bookings.events import TurnEnding
from neighbourly.bookings.selectors import TURN
from neighbourly.core.db import db
from neighbourly.exchanges.events import ChoiceDue, DisputeUnsettled, ExtensionLapsed, ReminderDue
from neighbourly.exchanges.lifecycle import HELP
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import are_parted, has_proposed
from neighbourly.listings.models import Listing
from neighbourly.notifications import service
from neighbourly.notifications.exchange_telling import (
    exchange_of,
    heard_today,
    minutes_of,
    more_than_seen,
    tell_governors,
    tell_sides,
)
from neighbourly.notifications.other_words import (
    AGAIN,
    ENTRUSTED,
    LAPSED,
    MORE,
    OWNER,
    OWNER_PARTED,
    PARTED,
    SETTLING_AGAIN,
    TOOK_PLACE,
    UNCHOSEN,
    UNSEEN,
    UNSETTLED,
)

REMINDERS: Mapping[str, str] = {
    "proposal": "exchange_proposed",
    "hand_over": "hand_over_due",
    "took_place": "hand_over_due",
    "return": "return_due",
    "overdue": "return_overdue",
    "extension": "extension_requested",
    "confirm": "help_to_confirm",
    "dispute": "exchange_disputed",
    "settlement": "exchange_disputed",
    "moderators": "exchange_disputed",
}
VARIANTS: Mapping[str, str] = {
    "proposal": AGAIN,
    "took_place": TOOK_PLACE,
    "extension": AGAIN,
    "dispute": UNSETTLED,
    "settlement": SETTLING_AGAIN,
    "moderators": ENTRUSTED,
}
OF_A_RETURN = ("return", "overdue")


def remind(event: ReminderDue) -> None:
    """Each reminder once, to those whom it is for; behind a block nobody is asked for more time."""
    exchange = exchange_of(event.exchange_id)
    about = f"{exchange.id}:{event.reminder}:{event.at.isoformat()}"
    if event.reminder == "extension" and are_parted(exchange):
        return
    if event.reminder in OF_A_RETURN:
        _remind_of_return(event, exchange, about)
        return
    type_name = REMINDERS[event.reminder]
    if event.reminder == "took_place" and exchange.kind == HELP:
        type_name = "help_to_confirm"
    variant = more_than_seen(exchange) if event.reminder == "confirm" else VARIANTS.get(event.reminder)
    figures = minutes_of(exchange) if variant in (MORE, UNSEEN) else {}
    tell_sides(type_name, exchange, event.people, None, about=about, variant=variant, **figures)


def _remind_of_return(event: ReminderDue, exchange: Exchange, about: str) -> None:
    """Who has it is asked to bring it back, its owner told what can be done; of much that is late one thing rings."""
    type_name, parted = REMINDERS[event.reminder], are_parted(exchange)
    for person in event.people:
        is_owner = person == exchange.giver_id
        variant = _variant_of_return(is_owner=is_owner, parted=parted)
        silently = is_owner and person in heard_today((person,), type_name)
        tell_sides(type_name, exchange, (person,), None, about=about, variant=variant, silently=silently)


def _variant_of_return(*, is_owner: bool, parted: bool) -> str | None:
    """Behind a block nobody is told to write, nor to ask for more time: to say that it is back, or not, is left."""
    if is_owner:
        return OWNER_PARTED if parted else OWNER
    return PARTED if parted else None


def tell_that_wish_lapsed(event: ExtensionLapsed) -> None:
    """Who asked for more time hears that no answer came."""
    exchange = exchange_of(event.exchange_id)
    about = f"{exchange.id}:{exchange.version}"
    tell_sides("extension_answered", exchange, (exchange.receiver_id,), None, about=about, variant=LAPSED)


def remind_of_turn(event: TurnEnding) -> None:
    """Who has not asked for the thing by now hears that their turn ends."""
    if has_proposed(event.user_id, event.listing_id):
        return
    figures = {"when": (event.asked_at + TURN).isoformat(), "variant": AGAIN}
    service.tell(
        type_name="waiting_turn",
        people={event.user_id: figures},
        about=f"{event.listing_id}:{event.asked_at.isoformat()}:{AGAIN}",
        listing_id=event.listing_id,
    )


def remind_of_choice(event: ChoiceDue) -> None:
    """Who asked hears, once a need, that somebody waits to be chosen."""
    need = db.session.get_one(Listing, event.listing_id)
    service.tell(
        type_name="answer_received",
        people={need.owner_id: {"variant": UNCHOSEN}},
        about=f"{need.id}:{UNCHOSEN}",
        listing_id=need.id,
    )


def call_moderators(event: DisputeUnsettled) -> None:
    """Who looks after the neighbourhood hears that two do not agree, by the exchange's id alone."""
    about = f"{event.exchange_id}:{UNSETTLED}:{event.at.isoformat()}"
    tell_governors(exchange_of(event.exchange_id), about, {"variant": UNSETTLED}, may_open=True)
