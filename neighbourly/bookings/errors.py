"""What can go wrong with bookings."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class AlreadyBooked(Conflict):
    """Somebody else has every copy for a part of that time."""

    title = {"fr": "C'est déjà réservé à ce moment", "en": "It is already booked at that time"}


class ItemUnavailable(Conflict):
    """There is no copy that could be lent."""

    title = {"fr": "Cet objet n'est pas disponible pour l'instant", "en": "This thing is not available for now"}


class NotAvailable(Conflict):
    """The owner does not offer it at that time."""

    title = {"fr": "Ce n'est pas proposé à ce moment", "en": "It is not offered at that time"}


class LoanTooLong(Conflict):
    """Longer than the owner lends it."""

    title = {"fr": "C'est plus long que ce qui est prêté", "en": "This is longer than it is lent"}


class OwnThing(Conflict):
    """Nobody waits for what is their own."""

    title = {"fr": "C'est votre propre annonce", "en": "This is your own listing"}


class TooManyLines(Conflict):
    """Somebody waits for so many things already that the next has to wait for one of them."""

    title = {
        "fr": "Vous attendez déjà beaucoup de choses\u00a0: quittez d'abord une file",
        "en": "You are waiting for many things already: please leave one line first",
    }
