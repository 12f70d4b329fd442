"""What can go wrong in the timebank."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class FloorReached(Conflict):
    """Nobody gives away more than their account may owe; the try is kept, so that its id never succeeds later."""

    title = {"fr": "Votre compte ne va pas plus bas", "en": "Your account goes no lower"}
    keeps = True


class PotEmpty(Conflict):
    """The pot holds less than that; the try is kept, so that its id never succeeds later."""

    title = {"fr": "Le pot commun n'a pas assez", "en": "The pot does not hold enough"}
    keeps = True


class GiftMode(Conflict):
    """Where no hours are counted nothing is transferred; the try is kept, so that its id never succeeds later."""

    title = {"fr": "Ici on ne compte pas les heures", "en": "Hours are not counted here"}
    keeps = True


class SameAccount(Conflict):
    """Minutes move between two accounts; the try is kept, so that its id never succeeds later."""

    title = {"fr": "On ne se donne rien à soi-même", "en": "Nobody gives to themselves"}
    keeps = True


class AlreadyReversed(Conflict):
    """A transfer is taken back once, and a taking back not at all."""

    title = {"fr": "Ce transfert a déjà été repris", "en": "This transfer was already taken back"}


class TransferRefused(Conflict):
    """This id stands for a transfer that was refused."""

    title = {"fr": "Ce transfert avait été refusé", "en": "This transfer had been refused"}
