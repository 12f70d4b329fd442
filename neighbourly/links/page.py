"""The small page behind a link, in French and English. It looks the same whether the thing exists or not (SEC-03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from neighbourly.core.config import Settings
from neighbourly.links.app_identity import read_identity
from neighbourly.links.templates import page_named

Kind = Literal["l", "i", "x"]

TITLES: dict[str, dict[Kind, str]] = {
    "fr": {"l": "Une annonce de vos voisins", "i": "Vos voisins vous invitent", "x": "Un échange entre voisins"},
    "en": {
        "l": "A listing of your neighbours",
        "i": "Your neighbours invite you",
        "x": "An exchange between neighbours",
    },
}
TEXTS: dict[str, dict[Kind, str]] = {
    "fr": {
        "l": "Ouvrez-la dans l'application pour la lire et y répondre.",
        "i": "On s'y prête des choses, on partage ce qu'on sait, on se donne un coup de main. "
        "À l'inscription, donnez ce code\u00a0:",
        "x": "Ouvrez-le dans l'application pour voir où il en est.",
    },
    "en": {
        "l": "Open it in the app to read it and to answer.",
        "i": "People here lend each other things, share what they know and give a hand. Give this code when you join:",
        "x": "Open it in the app to see how it stands.",
    },
}
WORDS = {
    "fr": {
        "open": "Ouvrir dans l'application",
        "no_app": "Pas encore l'application\u00a0? La voici\u00a0:",
        "ask_operator": "Pour avoir l'application, écrivez à",
        "footer": "Cette page ne dit rien de personne, et ouvrir ce lien ne fait rien d'autre que la montrer.",
    },
    "en": {
        "open": "Open in the app",
        "no_app": "No app yet? Here it is:",
        "ask_operator": "To get the app, write to",
        "footer": "This page says nothing of anybody, and opening this link does nothing but show it.",
    },
}


@dataclass(frozen=True)
class LinkPage:
    """What the page shows."""

    title: str
    text: str
    code: str | None
    open_url: str | None
    stores: tuple[tuple[str, str], ...]


def render(kind: Kind, name: str, language: str, settings: Settings) -> str:
    """The page as HTML."""
    identity = read_identity(settings.app_links) if settings.app_links else None
    page = LinkPage(
        title=TITLES[language][kind],
        text=TEXTS[language][kind],
        code=name if kind == "i" else None,
        open_url=f"{identity.scheme}://{kind}/{name}" if identity and identity.scheme else None,
        stores=identity.stores if identity else (),
    )
    return page_named("link.html", language, settings, page=page, words=WORDS[language])
