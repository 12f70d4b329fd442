"""What can go wrong with homes."""

from __future__ import annotations

from neighbourly.core.errors import Conflict, Unprocessable


class HomeMissing(Conflict):
    """What was asked for needs a place to start from."""

    title = {"fr": "Dites d'abord où vous habitez", "en": "Please say first where you live"}


class AddressNotFound(Unprocessable):
    """No place is known by these words."""

    title = {"fr": "Cette adresse est introuvable", "en": "This address was not found"}
