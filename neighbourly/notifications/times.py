"""Which moment of an exchange the words of a type are about; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from neighbourly.exchanges.timeline import CONFIRMED_AFTER, HELD_AT_MOST, OBJECT_WITHIN
from neighbourly.notifications.other_words import ATTESTED, LATE, MODERATED, SETTLED, TOOK_PLACE, UNSEEN, WAITS
from neighbourly.preferences.absence import Absence, hold_open

MOMENTS: Mapping[str, str] = {
    "exchange_proposed": "starts_at",
    "exchange_countered": "starts_at",
    "exchange_accepted": "starts_at",
    "hand_over_due": "starts_at",
    "return_due": "ends_at",
    "return_overdue": "ends_at",
    "extension_requested": "extend_to",
    "extension_answered": "ends_at",
    "exchange_handed_over": "tapped_at",
    "exchange_returned": "tapped_at",
    "help_to_confirm": "done_at",
}
OTHER_MOMENTS: Mapping[tuple[str, str | None], str] = {("exchange_handed_over", LATE): "ends_at"}
"""By type and variant, where that is about another."""
AFTERWARDS: Mapping[str, timedelta] = {"tapped_at": OBJECT_WITHIN, "done_at": CONFIRMED_AFTER}
"""Until when one may object to a tap, and when a help that is done confirms itself."""
SILENT = frozenset(
    {
        ("exchange_handed_over", ATTESTED),
        ("exchange_returned", ATTESTED),
        ("exchange_returned", SETTLED),
        ("exchange_returned", MODERATED),
        ("hand_over_due", TOOK_PLACE),
        ("help_to_confirm", TOOK_PLACE),
        ("help_to_confirm", UNSEEN),
        ("help_to_confirm", None),
    }
)
"""Those that name no moment."""


def when_of(type_name: str, variant: str | None, exchange: Any) -> datetime | None:
    """The moment that is said, as the exchange (or a row with its times) stands; None where none is."""
    name = _name_of(type_name, variant)
    if name is None or (type_name, variant) in SILENT:
        return None
    at: datetime | None = getattr(exchange, name)
    return None if at is None else at + AFTERWARDS.get(name, timedelta())


def hold(type_name: str, variant: str | None, said: datetime, own: Absence | None, others: Absence | None) -> datetime:
    """The moment that is said, as it is held for who is away where a window ends with it (NOT-01).

    That of a tap is its reader's; that of a help belongs to who was helped, also where the other side reads of it.
    """
    match _name_of(type_name, variant):
        case "tapped_at":
            return hold_open(said, own)
        case "done_at":
            return hold_open(said, others if variant == WAITS else own, latest=said + HELD_AT_MOST)
    return said


def _name_of(type_name: str, variant: str | None) -> str | None:
    return OTHER_MOMENTS.get((type_name, variant)) or MOMENTS.get(type_name)
