"""What can go wrong with listings."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class ActionNotAllowed(Conflict):
    """The state of the thing does not allow this action; `allowed_actions` says which ones it does."""

    title = {"fr": "Ce n'est pas possible à ce stade", "en": "This is not possible at this stage"}


class ExchangeOpen(Conflict):
    """Something agreed rests on it, or is still under way: the answer names one such exchange (`exchange_id`)."""

    title = {
        "fr": "Un échange convenu en dépend : il doit d'abord se terminer",
        "en": "An exchange that is agreed rests on this: it has to end first",
    }


class TooManyListings(Conflict):
    """Somebody has so many listings that one has to end before the next begins."""

    title = {
        "fr": "Vous avez déjà beaucoup d'annonces en cours\u00a0: fermez-en une d'abord",
        "en": "You have many listings under way already: please close one first",
    }
