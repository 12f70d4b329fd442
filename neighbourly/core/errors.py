"""Errors as classes: each names a situation and knows its status, its code and its words in French and English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

Words = Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an input: where (RFC 6901 pointer), which fault, in which words."""

    pointer: str
    code: str
    words: Words


class Problem(Exception):
    """A refusal with a status, a stable code and a sentence; the answer's body follows RFC 9457.

    `keeps = True` makes the dispatch commit what was written before the refusal (a counted try, say).
    """

    status: ClassVar[int] = 500
    title: ClassVar[Words] = {"fr": "Quelque chose n'a pas marché chez nous", "en": "Something went wrong on our side"}
    keeps: bool = False

    def __init__(
        self,
        *,
        detail: Words | None = None,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        about: UUID | None = None,
        **extra: Any,
    ) -> None:
        """`about`: whom a refused sign-in concerns, for the log alone; `extra` goes into the answer."""
        super().__init__(self.code())
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.about = about
        self.extra = extra

    @classmethod
    def code(cls) -> str:
        """The stable code: the class's name in snake case."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


class InternalError(Problem):
    """The answer to what we did not foresee; it tells nothing of the inside."""


class BadRequest(Problem):
    """The request cannot be read at all."""

    status = 400
    title = {"fr": "Requête illisible", "en": "The request cannot be read"}


class Unauthorized(Problem):
    """Who is calling is not known."""

    status = 401
    title = {"fr": "Connexion nécessaire", "en": "Please sign in"}


class Forbidden(Problem):
    """The caller sees this, but may not do that."""

    status = 403
    title = {"fr": "Vous ne pouvez pas faire cela", "en": "You may not do that"}


class NotFound(Problem):
    """Nothing here that the caller may see."""

    status = 404
    title = {"fr": "Introuvable", "en": "Not found"}


class MethodNotAllowed(Problem):
    """The path exists, this method on it does not."""

    status = 405
    title = {"fr": "Méthode non prévue ici", "en": "This method is not offered here"}


class Conflict(Problem):
    """Too late, or in conflict with what is."""

    status = 409
    title = {"fr": "Ce n'est plus possible en l'état", "en": "This is not possible as things stand"}


class Gone(Problem):
    """It was here and has ended."""

    status = 410
    title = {"fr": "Ce n'est plus là", "en": "This is no longer here"}


class PreconditionFailed(Problem):
    """What the caller knows of the thing is out of date."""

    status = 412
    title = {"fr": "Entre-temps, cela a changé", "en": "It has changed in the meantime"}


class ContentTooLarge(Problem):
    """The body is larger than this route takes."""

    status = 413
    title = {"fr": "L'envoi est trop volumineux", "en": "The request is too large"}


class UnsupportedMediaType(Problem):
    """The body is of a kind this route does not take."""

    status = 415
    title = {"fr": "Ce format n'est pas accepté ici", "en": "This format is not accepted here"}


class Unprocessable(Problem):
    """Well-formed, but not what this route takes; `faults` say where."""

    status = 422
    title = {"fr": "Certains champs ne vont pas", "en": "Some fields are not right"}


class InvalidInput(Unprocessable):
    """The general case of a wrong shape."""


class TooManyRequests(Problem):
    """Too often in too short a time."""

    status = 429
    title = {
        "fr": "C'est un peu rapide\u00a0: réessayez dans un moment",
        "en": "That was a little fast: try again soon",
    }


class Unavailable(Problem):
    """Something we need does not answer just now."""

    status = 503
    title = {"fr": "Momentanément indisponible", "en": "Unavailable for the moment"}


class Busy(Unavailable):
    """The database is too busy to answer in time."""


class IdTaken(Conflict):
    """A client-made id that already names something else."""

    title = {"fr": "Cet identifiant est déjà pris", "en": "This id is already taken"}


class StaleVersion(PreconditionFailed):
    """`If-Match` names a version that is no longer the current one."""


class Clash(Conflict):
    """Two changes met; a constraint of the database let one through."""

    title = {"fr": "Deux changements se sont croisés\u00a0: réessayez", "en": "Two changes met: please try again"}


def require(allowed: bool, refusal: type[Problem] = Forbidden) -> None:
    """Go on if a policy allows it; refuse otherwise."""
    if not allowed:
        raise refusal()


def fault(pointer: str, code: str, *, fr: str, en: str) -> InvalidInput:
    """An invalid input with a single fault."""
    return InvalidInput(faults=[Fault(pointer, code, {"fr": fr, "en": en})])
