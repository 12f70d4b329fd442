"""The words of the mails about accounts, in French and English."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from neighbourly.accounts.names import name_for_mail
from neighbourly.core.clock import COUNTRYS_ZONE
from neighbourly.core.mail.letter import Letter

ZONE = ZoneInfo(COUNTRYS_ZONE)


def register_letter(language: str, code: str, *, display_name: str, asked_at: datetime) -> Letter:
    """The code of one registration, with its name and time, so that nobody types somebody else's (SEC-13)."""
    moment, name = moment_of(asked_at, language), name_for_mail(display_name)
    if language == "en":
        under, other = (f" as “{name}”", ", or not that name") if name else ("", "")
        return Letter(
            "Your code to join your neighbours",
            (
                f"Hello! Someone asked on {moment} to join{under}. Here is the code, good for 15 minutes:",
                f"If that was not you{other}, do not type this code anywhere: simply delete this message.",
            ),
            code=code,
        )
    under, other = (f" sous le nom «\u00a0{name}\u00a0»", ", ou pas ce nom") if name else ("", "")
    return Letter(
        "Votre code pour rejoindre vos voisins",
        (
            f"Bonjour\u00a0! Quelqu'un a demandé, {moment}, à s'inscrire{under}. "
            "Voici le code, valable 15 minutes\u00a0:",
            f"Si ce n'était pas vous{other}, ne tapez ce code nulle part\u00a0: effacez simplement ce message.",
        ),
        code=code,
    )


def sign_in_failed_letter(language: str, code: str, *, display_name: str, asked_at: datetime) -> Letter:
    """To an address without an account, where somebody tried to sign in: that, first, and then the code to join."""
    moment, name = moment_of(asked_at, language), name_for_mail(display_name)
    if language == "en":
        under = f" as “{name}”" if name else ""
        return Letter(
            "A sign-in failed: there is no account yet",
            (
                "Hello! Someone, perhaps you, tried to sign in with this address and was turned away: there is no "
                f"account yet. On {moment} someone asked to join with it{under}. Here is the code to finish that, "
                "good for 15 minutes:",
                "If it was not you who asked to join, do not type this code anywhere: join under your own name, and "
                "another code comes.",
            ),
            code=code,
        )
    under = f", sous le nom «\u00a0{name}\u00a0»," if name else ""
    return Letter(
        "Une connexion a échoué\u00a0: il n'y a pas encore de compte",
        (
            "Bonjour\u00a0! Quelqu'un, peut-être vous, a essayé de se connecter avec cette adresse, sans succès\u00a0: "
            f"elle n'a pas encore de compte. {moment[:1].upper()}{moment[1:]}, quelqu'un a demandé{under} à s'inscrire "
            "avec elle. Voici le code pour terminer cette inscription, valable 15 minutes\u00a0:",
            "Si ce n'est pas vous qui avez demandé à vous inscrire, ne tapez ce code nulle part\u00a0: "
            "inscrivez-vous sous votre nom, et un autre code arrivera.",
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


def confirm_letter(language: str, code: str) -> Letter:
    """The code by which somebody without a password shows that the account is theirs."""
    if language == "en":
        return Letter(
            "Your code to confirm that it is you",
            (
                "Hello! Something is to change in your account. Here is the code that confirms that it is you, "
                "good for 15 minutes:",
                "If you did not ask for it, do not type this code anywhere: nothing changes without it.",
            ),
            code=code,
        )
    return Letter(
        "Votre code pour confirmer que c'est vous",
        (
            "Bonjour\u00a0! Quelque chose va changer dans votre compte. Voici le code qui confirme que c'est vous, "
            "valable 15 minutes\u00a0:",
            "Si vous ne l'avez pas demandé, ne tapez ce code nulle part\u00a0: rien ne change sans lui.",
        ),
        code=code,
    )


def sign_in_letter(language: str, code: str) -> Letter:
    """The code that a sign-in from a new device needs while many others fail."""
    if language == "en":
        return Letter(
            "Your code to sign in",
            (
                "Hello! Many sign-ins to your account have failed lately, so one from a new device also needs this "
                "code, good for 15 minutes:",
                "If you are not signing in just now, somebody knows your password: do not type this code anywhere, and "
                "choose a new password in the app.",
            ),
            code=code,
        )
    return Letter(
        "Votre code de connexion",
        (
            "Bonjour\u00a0! Beaucoup de connexions à votre compte ont échoué ces derniers temps\u00a0: depuis un "
            "nouvel appareil, il faut donc aussi ce code, valable 15 minutes\u00a0:",
            "Si vous n'êtes pas en train de vous connecter, quelqu'un connaît votre mot de passe\u00a0: ne tapez ce "
            "code nulle part, et choisissez un nouveau mot de passe dans l'application.",
        ),
        code=code,
    )


def moment_of(at: datetime, language: str) -> str:
    """A moment as people say it, in the country's own time."""
    pattern = "EEEE d MMMM 'at' HH:mm" if language == "en" else "'le' EEEE d MMMM 'à' HH:mm"
    return format_datetime(at, pattern, tzinfo=ZONE, locale=language)
