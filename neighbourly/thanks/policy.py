"""When two may thank each other, and who reads concerns."""

from __future__ import annotations

from neighbourly.accounts.selectors import Actor
from neighbourly.exchanges.models import Exchange

ENDED_WELL = frozenset({"returned", "confirmed"})


def may_thank(exchange: Exchange) -> bool:
    """Once it is returned, confirmed, or given away."""
    return exchange.state in ENDED_WELL or (exchange.kind == "gift" and exchange.state == "handed_over")


def may_read_concerns(actor: Actor) -> bool:
    """Those who look after the neighbourhood."""
    return actor.role in ("moderator", "admin")
