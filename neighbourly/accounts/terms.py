"""The terms of use, in plain words, and their version."""

from __future__ import annotations

from dataclasses import dataclass

TERMS_VERSION = "2026-11"
TEXTS = {
    "fr": (
        "Ici, des voisins se prêtent des choses, partagent ce qu'ils savent et se donnent un coup de main.\n"
        "1. Vous avez 18 ans ou plus. Les plus jeunes participent avec une association.\n"
        "2. Vous proposez ce qui est à vous, sûr et permis par la loi, et vous le décrivez tel qu'il est.\n"
        "3. Rien ne se vend et rien ne se loue. Une heure vaut une heure.\n"
        "4. Vous rendez ce que vous empruntez, dans l'état où vous l'avez reçu, et vous dites ce qui s'est cassé.\n"
        "5. Vous respectez les autres, leur vie privée et leur porte.\n"
        "6. De votre domicile, nous ne gardons qu'une case sur la carte, jamais l'adresse.\n"
        "7. Toute mesure contre vous est motivée, et vous pouvez la contester pendant six mois.\n"
        "8. Vous pouvez partir quand vous voulez, avec vos données."
    ),
    "en": (
        "Here neighbours lend each other things, share what they know and give each other a hand.\n"
        "1. You are 18 or older. Younger people take part through an association.\n"
        "2. You offer what is yours, safe and lawful, and you describe it as it is.\n"
        "3. Nothing is sold and nothing is rented. An hour is an hour.\n"
        "4. You bring back what you borrow as you received it, and you say what broke.\n"
        "5. You respect others, their privacy and their front door.\n"
        "6. Of your home we keep a cell on the map, never the address.\n"
        "7. Every measure against you comes with its reasons, and you can appeal for six months.\n"
        "8. You can leave whenever you like, with your data."
    ),
}


@dataclass(frozen=True)
class Terms:
    """The terms in one language."""

    version: str
    language: str
    text: str


def terms_in(language: str) -> Terms:
    """The current terms in `fr` or `en`."""
    return Terms(TERMS_VERSION, language, TEXTS[language])
