"""When two may thank each other, what agrees to thanks being shown, and who reads concerns."""

from __future__ import annotations

from neighbourly.accounts.selectors import Actor
from neighbourly.core.language.contact_data import find_contact_data
from neighbourly.exchanges.models import Exchange
from neighbourly.thanks.models import NEVER, Thanks

ENDED_WELL = frozenset({"returned", "confirmed"})


def may_thank(exchange: Exchange) -> bool:
    """Once it is returned, confirmed, or given away."""
    return exchange.state in ENDED_WELL or (exchange.kind == "gift" and exchange.state == "handed_over")


def may_be_shown_unasked(thanks: Thanks) -> bool:
    """Whether thanking its author back is consent enough to show this text.

    Not where its subject has already said yes or no, nor where it stands in the place of other words (they may have
    read those) or holds contact data: that takes a tap.
    """
    first = thanks.shown is None and thanks.visible_at == NEVER
    return first and bool(thanks.text) and not find_contact_data(thanks.text)


def may_read_concerns(actor: Actor) -> bool:
    """Those who look after the neighbourhood."""
    return actor.role in ("moderator", "admin")
