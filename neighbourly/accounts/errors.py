"""What can go wrong with accounts."""

from __future__ import annotations

from neighbourly.core.errors import Conflict, Forbidden, Unauthorized, Unavailable, Unprocessable, Words

ADULTS_ONLY: Words = {
    "fr": "Les comptes sont pour les adultes\u00a0; les plus jeunes participent avec une association.",
    "en": "Accounts are for adults; younger people take part through an association.",
}
"""Code `adults_only`, whichever door somebody comes in by (GDP-06)."""


class SignInRefused(Unauthorized):
    """Wrong address, wrong password, not verified, suspended: one answer for all of them (SEC-14).

    Kept, since a registration that waits gets its code once more.
    """

    keeps = True
    title = {"fr": "Adresse ou mot de passe inconnus", "en": "Unknown address or password"}


class CodeRefused(Unauthorized):
    """A wrong, used or lapsed code; the try is counted, so this refusal is kept (SEC-13)."""

    keeps = True
    title = {"fr": "Ce code n'est pas (ou plus) valable", "en": "This code is not valid, or no longer"}


class RefreshRefused(Unauthorized):
    """A refresh token of nobody, or of a sign-in that is over."""

    title = {
        "fr": "Cette session est terminée\u00a0: reconnectez-vous",
        "en": "This session has ended: please sign in again",
    }


class RefreshReused(RefreshRefused):
    """A refresh token that was used before: its whole family has ended, which is kept (SEC-09)."""

    keeps = True


class FirebaseRefused(Unauthorized):
    """Firebase does not vouch for this token, or not for its address."""

    title = {"fr": "Firebase ne confirme pas cette connexion", "en": "Firebase does not confirm this sign-in"}


class FirebaseNotOffered(Conflict):
    """Signing in by Firebase is not set up here."""

    title = {"fr": "La connexion par Firebase n'est pas proposée ici", "en": "Sign-in by Firebase is not offered here"}


class FirebaseUnavailable(Unavailable):
    """Google does not answer."""

    title = {"fr": "La connexion par Firebase n'est pas disponible", "en": "Sign-in by Firebase is not available"}


class PasswordTooCommon(Unprocessable):
    """One of the passwords that everybody tries first."""

    title = {"fr": "Ce mot de passe est trop courant", "en": "This password is too common"}


class PasswordNeeded(Forbidden):
    """A change that needs the current password, and it was missing or wrong."""

    title = {"fr": "Le mot de passe actuel est nécessaire", "en": "The current password is needed"}


class ProofNeeded(Forbidden):
    """Only for someone who has just shown again that the account is theirs; kept, since a tried code counts."""

    keeps = True
    title = {
        "fr": "Il faut votre mot de passe, une connexion Firebase toute récente ou, sans lui, un code par e-mail",
        "en": "Your password is needed, a Firebase sign-in made just now or, without a password, a code by mail",
    }


class CodeNeeded(Unauthorized):
    """Many sign-ins at this address failed: one from a new device needs the mailed code as well, right or wrong alike.

    Kept, since a try is counted and a code noted.
    """

    keeps = True
    title = {
        "fr": "Il faut aussi le code envoyé à cette adresse",
        "en": "The code sent to this address is needed as well",
    }


class LastWayIn(Conflict):
    """What would be ended is the only way back into the account."""

    title = {"fr": "Choisissez d'abord un mot de passe", "en": "Choose a password first"}


class FirebaseTaken(Conflict):
    """That Firebase account opens another one here."""

    title = {
        "fr": "Cette connexion Firebase ouvre déjà un autre compte",
        "en": "This Firebase sign-in already opens another account",
    }


class TermsUnknown(Conflict):
    """Terms were accepted in a version that is not the current one."""

    title = {"fr": "Cette version des conditions n'est plus en vigueur", "en": "These terms are no longer current"}


class NotYourself(Conflict):
    """Nobody can block themselves."""

    title = {"fr": "On ne peut pas se bloquer soi-même", "en": "You cannot block yourself"}


class TooManySignIns(Unavailable):
    """More passwords are being checked at this moment than the machine can bear."""

    title = {
        "fr": "Beaucoup de monde se connecte\u00a0: réessayez",
        "en": "Many people are signing in: please try again",
    }
