"""A help that took place: its minutes move, and the need behind it may be met."""

from __future__ import annotations

from uuid import UUID

from neighbourly.core.db import db
from neighbourly.exchanges import needs
from neighbourly.exchanges.events import HelpConfirmed
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service.agreeing import help_of
from neighbourly.exchanges.service.moving import settle, tell
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing
from neighbourly.timebank import service as timebank


def end_as_confirmed(exchange: Exchange, actor_id: UUID | None) -> None:
    """The help took place: its minutes move from receiver to giver.

    Those agreed at acceptance always do; more are looked at like an acceptance: raises `FloorReached` (LED-11).
    """
    help = help_of(exchange)
    if actor_id is not None and help.minutes > (exchange.agreed_minutes or 0):
        timebank.renew_help(help, actor_id=actor_id)
    timebank.post_help(help)
    settle(exchange, "confirmed")
    meet_need(exchange)
    tell(exchange, "confirmed", actor_id, HelpConfirmed(exchange.id, actor_id))


def only_as_agreed(exchange: Exchange) -> None:
    """Without a tap of who pays, no more minutes move than they agreed to (LED-08)."""
    if exchange.minutes is not None and exchange.agreed_minutes is not None:
        exchange.minutes = min(exchange.minutes, exchange.agreed_minutes)


def meet_need(exchange: Exchange) -> None:
    """A need ends once as many as it asked for have helped."""
    if exchange.request_id is None:
        return
    request = db.session.get_one(Listing, exchange.request_id)
    if needs.count_met(request.id) >= request.helpers_needed:
        listings.fulfil_by_exchange(listing_id=request.id)
