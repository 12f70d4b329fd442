"""What can go wrong with answers."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class OwnRequest(Conflict):
    """Nobody answers their own need."""

    title = {"fr": "C'est votre propre demande", "en": "This is your own request"}


class RequestsOnly(Conflict):
    """An offer is taken up, not answered."""

    title = {"fr": "On répond à une demande, pas à une offre", "en": "Requests are answered, offers are not"}
