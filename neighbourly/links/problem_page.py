"""The pages that the `type` of a problem leads to: what its code means, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from neighbourly.core.config import Settings
from neighbourly.core.errors import InvalidInput, Problem, Words
from neighbourly.links.templates import page_named

ADVICE: Mapping[int, Words] = {
    400: {"fr": "Vérifiez que le corps est un objet JSON.", "en": "Check that the body is a JSON object."},
    401: {"fr": "Connectez-vous, puis réessayez.", "en": "Sign in, then try again."},
    403: {
        "fr": "Seule une autre personne, ou une autre preuve, peut le faire.",
        "en": "It takes somebody else, or another proof, to do this.",
    },
    404: {
        "fr": "Il n'y a rien à cette adresse que vous puissiez voir.",
        "en": "There is nothing at this address that you may see.",
    },
    405: {"fr": "L'en-tête Allow dit ce qui est possible.", "en": "The Allow header says what is possible."},
    408: {"fr": "Renvoyez la requête en entier.", "en": "Send the whole request again."},
    409: {
        "fr": "Relisez l'état des choses, puis décidez à nouveau.",
        "en": "Read again how things stand, then decide anew.",
    },
    410: {"fr": "Recommencez depuis le début.", "en": "Start again from the beginning."},
    412: {
        "fr": "Relisez la chose, puis renvoyez le changement avec son nouvel ETag.",
        "en": "Read the thing again, then send the change with its new ETag.",
    },
    413: {"fr": "Envoyez-en moins à la fois.", "en": "Send less at a time."},
    415: {"fr": "Envoyez du JSON.", "en": "Send JSON."},
    422: {
        "fr": "La liste errors dit quels champs corriger, et pourquoi.",
        "en": "The list errors says which fields to correct, and why.",
    },
    429: {
        "fr": "L'en-tête Retry-After dit quand revenir, en secondes.",
        "en": "The Retry-After header says when to come back, in seconds.",
    },
    500: {
        "fr": "La faute est chez nous, et elle est notée\u00a0: réessayez plus tard.",
        "en": "The fault is ours, and it has been noted: try again later.",
    },
    503: {
        "fr": "L'en-tête Retry-After dit quand réessayer, en secondes.",
        "en": "The Retry-After header says when to try again, in seconds.",
    },
}
WORDS = {
    "fr": {
        "all": "Les refus de l'API",
        "about": "Chaque refus est un document application/problem+json\u00a0; son code reste le même pour toujours.",
    },
    "en": {
        "all": "Refusals of the API",
        "about": "Each refusal is an application/problem+json document; its code stays the same for ever.",
    },
}


@dataclass(frozen=True)
class ProblemPage:
    """What is said of one code."""

    code: str
    status: int
    title: str
    advice: str


def render_problem(code: str, language: str, settings: Settings) -> str:
    """The page of one code. One that no class bears is that of a single field: those have the page of all 422s."""
    known = {kind.code(): kind for kind in _kinds()}
    problem = _said(known.get(code, InvalidInput), code, language)
    return page_named("problem.html", language, settings, words=WORDS[language], problem=problem)


def render_problems(language: str, settings: Settings) -> str:
    """All codes, by status."""
    problems = [_said(kind, kind.code(), language) for kind in sorted(_kinds(), key=lambda kind: kind.code())]
    return page_named("problems.html", language, settings, words=WORDS[language], problems=problems)


def _said(kind: type[Problem], code: str, language: str) -> ProblemPage:
    return ProblemPage(code, kind.status, kind.title[language], ADVICE[kind.status][language])


def _kinds(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)
