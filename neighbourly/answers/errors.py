"""What can go wrong with answers."""

from __future__ import annotations

from neighbourly.core.errors import Conflict, InvalidInput, fault


class OwnRequest(Conflict):
    """Nobody answers their own need."""

    title = {"fr": "C'est votre propre demande", "en": "This is your own request"}


class RequestsOnly(Conflict):
    """An offer is taken up, not answered."""

    title = {"fr": "On répond à une demande, pas à une offre", "en": "Requests are answered, offers are not"}


def another_kind(pointer: str) -> InvalidInput:
    """An offer of know-how or time is no answer to a need for a thing, nor the other way round (CON-10)."""
    return fault(
        pointer,
        "another_kind",
        fr="Cette offre est d'une autre nature que la demande.",
        en="This offer is of another kind than the request.",
    )


def helps_only(pointer: str) -> InvalidInput:
    """Minutes are said of a help; a thing costs none."""
    return fault(
        pointer,
        "helps_only",
        fr="Cela ne se dit que d'un coup de main.",
        en="This is said of a help alone.",
    )
