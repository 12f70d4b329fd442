"""What a push offers to do by one tap: buttons on the notification itself, by type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from neighbourly.core.errors import Words
from neighbourly.listings.durations import WORKING_DAY_MINUTES


@dataclass(frozen=True)
class PushAction:
    """One button: the code that the app maps to an API call, and its label."""

    code: str
    label: Words


YES = PushAction("yes", {"fr": "Oui", "en": "Yes"})
LATER = PushAction("later", {"fr": "Plus tard", "en": "Later"})
ACCEPT = PushAction("accept", {"fr": "D'accord", "en": "Agree"})
DECLINE = PushAction("decline", {"fr": "Non merci", "en": "No, thanks"})
GRANT = PushAction("grant", {"fr": "D'accord", "en": "Agree"})
REFUSE = PushAction("refuse", {"fr": "Je préfère pas", "en": "Rather not"})
CONFIRM = PushAction("confirm", {"fr": "C'est juste", "en": "That is right"})
RENEW = PushAction("renew", {"fr": "Prolonger", "en": "Renew"})
REPLY = PushAction("reply", {"fr": "Répondre", "en": "Reply"})

PUSH_ACTIONS: Mapping[str, tuple[PushAction, ...]] = {
    "request_nearby": (YES, LATER),
    "exchange_proposed": (ACCEPT, DECLINE),
    "exchange_countered": (ACCEPT, DECLINE),
    "extension_requested": (GRANT, REFUSE),
    "help_to_confirm": (CONFIRM,),
    "listing_expiring": (RENEW,),
    "listing_expired": (RENEW,),
    "message_received": (REPLY,),
}
"""By notification type, in their order; a type that is not here has none. At most three fit on a phone."""


def actions_of(type_name: str, figures: Mapping[str, Any]) -> tuple[PushAction, ...]:
    """The buttons of a notification; none where the number of minutes has to be said as well (CON-10)."""
    if figures.get("minutes", 0) > WORKING_DAY_MINUTES:
        return ()
    return PUSH_ACTIONS.get(type_name, ())
