"""What can go wrong in the timebank."""

from __future__ import annotations

from neighbourly.core.errors import Conflict, Forbidden, Words


class FloorReached(Conflict):
    """Nobody gives away more than their account may owe; the try is kept, so that its id never succeeds later."""

    title = {"fr": "Votre compte ne va pas plus bas", "en": "Your account goes no lower"}
    keeps = True


OWN_ACCOUNT: Words = {
    "fr": "Vos minutes n'y suffisent pas pour l'instant. Demandez moins de minutes, ou proposez un coup de main en"
    " cadeau, sans minutes. Aider quelqu'un remonte votre compte, et qui anime le quartier peut vous accorder des"
    " minutes du pot commun.",
    "en": "Your minutes do not reach that far for now. Ask for fewer minutes, or for a help as a gift, without any."
    " Helping somebody raises your account, and who looks after the neighbourhood can grant you minutes from the"
    " common pot.",
}
OTHER_ACCOUNT: Words = {
    "fr": "Autant de minutes ne peuvent pas être convenues pour l'instant. Proposez moins de minutes, ou offrez ce"
    " coup de main.",
    "en": "So many minutes cannot be agreed for now. Suggest fewer minutes, or offer this help as a gift.",
}
"""To who gives the help: neither whose account it is nor how low."""


def help_floor_reached(*, is_own: bool) -> FloorReached:
    """A help below the receiver's floor is not agreed unless the pot covers it (LED-11).

    In words for who taps, with no figure; nothing is written by a tap that is refused so.
    """
    problem = FloorReached(detail=OWN_ACCOUNT if is_own else OTHER_ACCOUNT)
    problem.keeps = False
    return problem


class PotOfSettledNeighbours(Forbidden):
    """The pot's page opens to who has lived there for a month."""

    title = {
        "fr": "Le pot commun s'ouvre après un mois dans le quartier",
        "en": "The common pot opens after a month in the neighbourhood",
    }


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
