"""The words of the mails about changes to an account, in French and English; none has anything to tap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import regex

from neighbourly.accounts.mails import moment_of
from neighbourly.accounts.ways_in import WaysIn
from neighbourly.core.errors import Words
from neighbourly.core.mail.letter import Letter

Kind = Literal[
    "password_set",
    "password_changed",
    "password_reset",
    "firebase_linked",
    "firebase_removed",
    "calendar_made",
    "calendar_ended",
    "signed_in",
    "signed_out",
]
HAPPENED: Mapping[str, tuple[Words, Words]] = {
    "password_set": (
        {"fr": "Votre compte a maintenant un mot de passe", "en": "Your account now has a password"},
        {"fr": "Un mot de passe a été choisi pour votre compte", "en": "A password was chosen for your account"},
    ),
    "password_changed": (
        {"fr": "Votre mot de passe a changé", "en": "Your password has changed"},
        {
            "fr": "Votre mot de passe a été changé\u00a0; vos autres connexions et votre agenda privé ont pris fin",
            "en": "Your password was changed; your other sign-ins and your private calendar have ended",
        },
    ),
    "password_reset": (
        {"fr": "Vous avez un nouveau mot de passe", "en": "You have a new password"},
        {
            "fr": "Un nouveau mot de passe a été choisi grâce à un code envoyé à cette adresse\u00a0; "
            "vos autres connexions et votre agenda privé ont pris fin",
            "en": "A new password was chosen with a code sent to this address; your other sign-ins and your private "
            "calendar have ended",
        },
    ),
    "firebase_linked": (
        {"fr": "Un compte Google ou Apple ouvre maintenant le vôtre", "en": "Another account now opens yours"},
        {
            "fr": "La connexion par Firebase (Google ou Apple, par exemple) a été reliée à votre compte",
            "en": "Sign-in by Firebase (Google or Apple, say) was linked to your account",
        },
    ),
    "firebase_removed": (
        {"fr": "La connexion par Firebase est retirée", "en": "Sign-in by Firebase was removed"},
        {
            "fr": "La connexion par Firebase (Google ou Apple, par exemple) n'ouvre plus votre compte",
            "en": "Sign-in by Firebase (Google or Apple, say) no longer opens your account",
        },
    ),
    "calendar_made": (
        {"fr": "Votre agenda privé a une adresse", "en": "Your private calendar has an address"},
        {
            "fr": "Une adresse d'agenda privé a été créée\u00a0: qui la connaît lit vos rendez-vous",
            "en": "A private calendar address was made: whoever knows it reads your appointments",
        },
    ),
    "calendar_ended": (
        {"fr": "L'adresse de votre agenda privé a pris fin", "en": "Your private calendar address has ended"},
        {
            "fr": "L'adresse de votre agenda privé ne mène plus nulle part",
            "en": "Your private calendar address no longer leads anywhere",
        },
    ),
    "signed_out": (
        {"fr": "Un de vos appareils a été déconnecté", "en": "One of your devices was signed out"},
        {
            "fr": "Un de vos appareils{label} a été déconnecté par précaution, car sa connexion a servi deux "
            "fois\u00a0: il ne reçoit plus rien, pas même ce qui concerne vos échanges en cours, "
            "tant que vous n'y revenez pas",
            "en": "One of your devices{label} was signed out as a precaution, since its sign-in was used twice: it "
            "receives nothing, not even what concerns your open exchanges, until you sign in there again",
        },
    ),
    "signed_in": (
        {"fr": "Connexion depuis un nouvel appareil", "en": "A sign-in from a new device"},
        {
            "fr": "Quelqu'un s'est connecté à votre compte depuis un appareil qu'il ne connaissait pas{label}",
            "en": "Someone signed in to your account from a device that it did not know{label}",
        },
    ),
}
"""By kind: the subject, and what happened."""
IF_NOT_YOU: Words = {
    "fr": "Si c'était vous, il n'y a rien à faire. Sinon, ouvrez l'application et choisissez «\u00a0Mot de passe "
    "oublié\u00a0»\u00a0: un nouveau mot de passe met fin à toutes les connexions. "
    "Aucun message de notre part ne demande votre mot de passe.",
    "en": "If that was you, there is nothing to do. If not, open the app and choose “Forgot password”: a new password "
    "ends every sign-in. No message of ours asks for your password.",
}
_UNSAFE = regex.compile(r"[^\p{L}\p{N} ()-]+")
MOST_OF_A_LABEL = 40


def notice_letter(language: str, kind: str, *, at: datetime, label: str, ways: WaysIn) -> Letter:
    """What happened, when, which ways in there are now, and what to do if it was somebody else."""
    subject, happened = HAPPENED[kind]
    said = happened[language].format(label=_device(label, language))
    when = moment_of(at, language)
    first = f"Hello! {said}, on {when}." if language == "en" else f"Bonjour\u00a0! {said}, {when}."
    return Letter(subject[language], (first, _all_ways(ways, language), IF_NOT_YOU[language]))


def _device(label: str, language: str) -> str:
    """What the app calls itself, as far as it is words: whoever signs in writes it."""
    plain = " ".join(_UNSAFE.sub(" ", label).split())[:MOST_OF_A_LABEL].strip()
    if not plain:
        return ""
    return f" (“{plain}”)" if language == "en" else f" («\u00a0{plain}\u00a0»)"


def _all_ways(ways: WaysIn, language: str) -> str:
    names = {
        "fr": ("un mot de passe", "Firebase", "une adresse d'agenda privé", "connexions ouvertes"),
        "en": ("a password", "Firebase", "a private calendar address", "open sign-ins"),
    }[language]
    there = [name for name, has in zip(names, (ways.password, ways.firebase, ways.calendar), strict=False) if has]
    listed = ", ".join(
        [*there, f"{names[3]}\u00a0: {ways.sessions}" if language == "fr" else f"{names[3]}: {ways.sessions}"]
    )
    if language == "en":
        return f"Ways into your account at this moment: {listed}. The app shows each of them, and ends it."
    return f"Ce qui ouvre votre compte en ce moment\u00a0: {listed}. L'application montre chacun, et y met fin."
