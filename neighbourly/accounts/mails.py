"""The words of the mails about accounts, in French and English."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from neighbourly.core.mail.letter import Letter

ZONE = ZoneInfo("Europe/Paris")


def register_letter(language: str, code: str, *, display_name: str, asked_at: datetime) -> Letter:
    """The code of one registration, with its name and time, so that nobody types somebody else's (SEC-13)."""
    moment = _moment(asked_at, language)
    if language == "en":
        return Letter(
            "Your code to join your neighbours",
            (
                f"Hello! Someone asked on {moment} to join as “{display_name}”. Here is the code, good for 15 minutes:",
                "If that was not you, or not that name, do not type this code anywhere: simply delete this message.",
            ),
            code=code,
        )
    return Letter(
        "Votre code pour rejoindre vos voisins",
        (
            f"Bonjour\u00a0! Quelqu'un a demandé, {moment}, à s'inscrire sous le nom «\u00a0{display_name}\u00a0». "
            "Voici le code, valable 15 minutes\u00a0:",
            "Si ce n'était pas vous, ou pas ce nom, ne tapez ce code nulle part\u00a0: effacez simplement ce message.",
        ),
        code=code,
    )


def known_letter(language: str) -> Letter:
    """To someone who has an account already and was asked to join again."""
    if language == "en":
        return Letter(
            "You already have an account",
            (
                "Hello! Someone asked to join with your address, and you already have an account here.",
                "If that was you, just sign in; if you no longer know your password, choose “Forgot password”. "
                "If not, there is nothing to do: nobody has learnt that you are a member.",
            ),
        )
    return Letter(
        "Vous avez déjà un compte",
        (
            "Bonjour\u00a0! Quelqu'un a demandé à s'inscrire avec votre adresse, et vous avez déjà un compte ici.",
            "Si c'était vous, connectez-vous simplement\u00a0; si vous ne savez plus votre mot de passe, choisissez "
            "«\u00a0Mot de passe oublié\u00a0». Sinon, il n'y a rien à faire\u00a0: "
            "personne n'a appris que vous êtes membre.",
        ),
    )


def reset_letter(language: str, code: str) -> Letter:
    """The code that sets a new password."""
    if language == "en":
        return Letter(
            "Your code for a new password",
            (
                "Hello! Here is the code to choose a new password, good for 15 minutes:",
                "If you did not ask for it, there is nothing to do: your password stays as it is.",
            ),
            code=code,
        )
    return Letter(
        "Votre code pour un nouveau mot de passe",
        (
            "Bonjour\u00a0! Voici le code pour choisir un nouveau mot de passe, valable 15 minutes\u00a0:",
            "Si vous ne l'avez pas demandé, il n'y a rien à faire\u00a0: votre mot de passe reste le même.",
        ),
        code=code,
    )


def _moment(at: datetime, language: str) -> str:
    pattern = "EEEE d MMMM 'at' HH:mm" if language == "en" else "'le' EEEE d MMMM 'à' HH:mm"
    return format_datetime(at, pattern, tzinfo=ZONE, locale=language)
