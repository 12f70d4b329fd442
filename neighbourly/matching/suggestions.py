"""What someone can do when everyone near was asked: rephrase, invite, print, wait, widen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from neighbourly.core.errors import Words
from neighbourly.core.language import length

WIDEST_M = 50_000


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


def suggestions(listing_id: UUID, radius_m: int) -> tuple[Suggestion, ...]:
    """Give what may help a request that was asked around as far as that; the widest radius is not widened."""
    wider = () if radius_m >= WIDEST_M else (_widen(listing_id, min(2 * radius_m, WIDEST_M)),)
    return _invite(), _print(listing_id), *wider, _rephrase(listing_id), _leave_open(listing_id)


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
