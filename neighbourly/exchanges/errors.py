"""What can go wrong with exchanges."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class OwnOffer(Conflict):
    """Nobody borrows from themselves."""

    title = {"fr": "On n'emprunte pas à soi-même", "en": "Nobody borrows from themselves"}


class KindMissing(Conflict):
    """Whether it is a thing, knowledge or time decides what happens next."""

    title = {
        "fr": "Dites d'abord si c'est un objet, un savoir ou du temps",
        "en": "Say first whether it is a thing, a skill or time",
    }


class OtherThanProposed(Conflict):
    """What would be accepted is not what was proposed: it was changed since. The answer says what it is now."""

    title = {
        "fr": "Ce n'est plus ce qui était proposé\u00a0: proposez-le tel que c'est maintenant",
        "en": "This is no longer what was proposed: propose it as it is now",
    }


class NoLongerOffered(Conflict):
    """The thing, or the need, has ended meanwhile: nothing new is agreed on it."""

    title = {"fr": "Ce n'est plus proposé", "en": "This is no longer offered"}


class TooEarly(Conflict):
    """That somebody did not come is said an hour after the start at the earliest."""

    title = {
        "fr": "Attendez une heure après le début avant de le dire",
        "en": "Wait for an hour after the start before saying so",
    }


class LeavingSoon(Conflict):
    """Who asked to be erased, and waits for a thing to come back, agrees to nothing new (GDP-02)."""

    title = {
        "fr": "Vous avez demandé à partir\u00a0: revenez d'abord sur cette demande",
        "en": "You have asked to leave: take that back first",
    }


class TooManyThings(Conflict):
    """The neighbourhood's rule of fair use: so many things at once."""

    title = {"fr": "C'est beaucoup d'objets à la fois", "en": "These are many things at once"}


class TooManyProposals(Conflict):
    """The neighbourhood's rule of fair use: so many proposals that wait."""

    title = {"fr": "C'est beaucoup de propositions en attente", "en": "These are many proposals waiting"}


class WrongCode(Conflict):
    """The try is counted."""

    title = {"fr": "Ce n'est pas le bon code", "en": "This is not the right code"}
    keeps = True


class CodeLocked(Conflict):
    """Five wrong tries: the code of this exchange rests for 15 minutes."""

    title = {"fr": "Trop d'essais\u00a0: attendez un quart d'heure", "en": "Too many tries: wait a quarter of an hour"}


class ReturnFirst(Conflict):
    """The copy is with the last borrower, whose return comes first; to its owner the answer names that exchange."""

    title = {
        "fr": "Il faut d'abord que le prêt précédent soit rendu",
        "en": "The loan before this one has to be returned first",
    }


class LoanOpen(Conflict):
    """Something is still in somebody's hands; the answer names it. The wish to leave is kept, and happens by itself."""

    title = {
        "fr": "Un prêt est encore en cours\u00a0: votre compte sera effacé dès qu'il est rendu, et à la date dite au"
        " plus tard",
        "en": "A loan is still open: your account is erased once it is back, on the date told at the latest",
    }
    keeps = True


class NothingToMeetFor(Conflict):
    """A meeting place belongs to something that is agreed."""

    title = {"fr": "Rien n'est encore convenu", "en": "Nothing is agreed yet"}
