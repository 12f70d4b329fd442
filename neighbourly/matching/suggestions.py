"""What someone can do when everyone near was asked: rephrase, invite, print, wait, widen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from neighbourly.core.errors import Words
from neighbourly.core.language import length
from neighbourly.core.language.moments import moment
from neighbourly.matching.quota import WIDEST_M


@dataclass(frozen=True)
class Action:
    """The call that does what is suggested; a path outside `/v1` is a page to open."""

    method: str
    path: str
    body: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Suggestion:
    """One thing to do, in words."""

    code: str
    text: Words
    action: Action


def suggestions(listing_id: UUID, radius_m: int, farthest_m: int = WIDEST_M) -> tuple[Suggestion, ...]:
    """Give what may help a request that was asked around as far as `radius_m`.

    `farthest_m`: as far as its owner's needs are asked around by now; what is asked as far as that is not widened.
    """
    farthest_m = min(farthest_m, WIDEST_M)
    if radius_m < farthest_m:
        farther: tuple[Suggestion, ...] = (_widen(listing_id, min(2 * radius_m, farthest_m)),)
    else:
        farther = (_near_first(farthest_m),) if farthest_m < WIDEST_M else ()
    return _invite(), _print(listing_id), *farther, _rephrase(listing_id), _leave_open(listing_id)


def suggestions_behind_others(listing_id: UUID) -> tuple[Suggestion, ...]:
    """Give why a request waits for others of the same person, and what may help meanwhile."""
    text = {
        "fr": (
            "Vos autres demandes passent d'abord\u00a0; celle-ci suit dès que l'une d'elles a ses réponses ou se "
            "ferme. Tout le monde peut déjà y répondre."
        ),
        "en": (
            "Your other needs are being asked first; this one follows as soon as one of them has its answers or is "
            "closed. Everyone may answer it already."
        ),
    }
    first = Suggestion("other_needs_first", text, Action("GET", "/v1/me/listings"))
    return first, _invite(), _print(listing_id)


def suggestions_until(listing_id: UUID, goes_on_at: datetime, time_zone: str) -> tuple[Suggestion, ...]:
    """Give when a request goes on whose owner's asks of the week went out, and what may help meanwhile."""
    when = {language: moment(goes_on_at, language, time_zone) for language in ("fr", "en")}
    text = {
        "fr": (
            f"Des voisins ont déjà été sollicités pour vous ces sept derniers jours\u00a0; les suivants le sont à "
            f"partir de {when['fr']}. Tout le monde peut déjà y répondre."
        ),
        "en": (
            f"Neighbours were asked for you in the last seven days; the next are asked from {when['en']} on. Everyone "
            f"may answer it already."
        ),
    }
    later = Suggestion("asked_later", text, Action("GET", "/v1/matching"))
    return later, _invite(), _print(listing_id), _rephrase(listing_id)


def _near_first(farthest_m: int) -> Suggestion:
    text = {
        "fr": (
            f"Vos demandes vont pour l'instant jusqu'à {length(farthest_m, 'fr')}, et plus loin après chaque échange "
            "avec un voisin."
        ),
        "en": (
            f"Your needs are asked within {length(farthest_m, 'en')} for now, and farther after each exchange with a "
            "neighbour."
        ),
    }
    return Suggestion("near_first", text, Action("GET", "/v1/matching"))


def _rephrase(listing_id: UUID) -> Suggestion:
    text = {
        "fr": "Dites-le autrement\u00a0: à quoi cela doit servir, ou ce qui ferait aussi l'affaire.",
        "en": "Say it otherwise: what it is for, or what would do as well.",
    }
    return Suggestion("rephrase", text, Action("PATCH", f"/v1/listings/{listing_id}"))


def _leave_open(listing_id: UUID) -> Suggestion:
    text = {
        "fr": "Laissez-la sur la liste une semaine de plus\u00a0: tout le monde peut y répondre.",
        "en": "Leave it on the list for another week: everyone may answer it.",
    }
    return Suggestion("leave_open", text, Action("POST", f"/v1/listings/{listing_id}/renew"))


def _invite() -> Suggestion:
    text = {
        "fr": "Invitez vos voisins\u00a0: un lien ou un QR code suffit.",
        "en": "Invite your neighbours: a link or a QR code will do.",
    }
    return Suggestion("invite", text, Action("POST", "/v1/invitations"))


def _print(listing_id: UUID) -> Suggestion:
    text = {
        "fr": "Affichez votre demande dans l'entrée ou chez un commerçant, avec le lien de cette page.",
        "en": "Put your request up in the hallway or in a shop, with the link to this page.",
    }
    return Suggestion("print", text, Action("GET", f"/l/{listing_id}"))


def _widen(listing_id: UUID, radius_m: int) -> Suggestion:
    text = {
        "fr": f"Demandez plus loin, jusqu'à {length(radius_m, 'fr')}.",
        "en": f"Ask farther away, up to {length(radius_m, 'en')}.",
    }
    return Suggestion("widen", text, Action("PATCH", f"/v1/listings/{listing_id}", {"radius_m": radius_m}))
