"""Who is told of what happens in the timebank."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.notifications import service
from neighbourly.notifications.other_words import GIVEN_BACK, GRANTED
from neighbourly.timebank.events import MinutesMoved

VARIANTS: Mapping[str, Mapping[str, str]] = {
    "gift": {},
    "grant": {"variant": GRANTED},
    "reversal": {"variant": GIVEN_BACK},
}
"""What is given to a person; a help is told as such, and a pot is nobody."""


def tell_of_minutes(event: MinutesMoved) -> None:
    """Whoever receives minutes hears of it, and from whom; a grant comes from the pot, which is nobody."""
    if event.payee_id is not None and event.kind in VARIANTS:
        service.tell(
            type_name="minutes_received",
            people={event.payee_id: {"minutes": event.minutes, **VARIANTS[event.kind]}},
            about=event.transfer_id,
            actor_id=event.payer_id,
        )
