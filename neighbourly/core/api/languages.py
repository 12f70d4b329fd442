"""Which language a request is answered in: French unless it asks for English."""

from __future__ import annotations

from flask import g, has_request_context, request

from neighbourly.core.errors import Words

LANGUAGES = ("fr", "en")


def language() -> str:
    """`fr` or `en`, by `Accept-Language`; French where nothing is said, and outside a request."""
    if not has_request_context():
        return "fr"
    if "language" not in g:
        g.language = request.accept_languages.best_match(LANGUAGES, "fr")
    chosen: str = g.language
    return chosen


def say(words: Words) -> str:
    """The words in the request's language."""
    return words[language()]
