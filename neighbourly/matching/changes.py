"""How a yes is changed with one tap: to come with another thing, or with none that is listed; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from neighbourly.answers.models import Answer
from neighbourly.core.errors import Words


@dataclass(frozen=True)
class OwnOffer:
    """An offer of one's own that would meet the need."""

    id: UUID
    title: str


@dataclass(frozen=True)
class ChangeAction:
    """The call that changes it: the answer as it is, with another thing."""

    method: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What else an answer could come with, in words."""

    code: str
    text: Words
    action: ChangeAction


NOT_THIS_ONE: Words = {"fr": "Pas celle-ci\u00a0: autre chose", "en": "Not this one: something else"}


def changes(answer: Answer, offers: tuple[OwnOffer, ...]) -> Iterator[Change]:
    """Give the taps by which it comes with another of these offers, or with nothing listed."""
    for each in offers:
        if each.id != answer.offer_id:
            text = {"fr": f"Plutôt «\u00a0{each.title}\u00a0»", "en": f"Rather “{each.title}”"}
            yield Change("another_thing", text, _again(answer, each.id))
    if answer.offer_id is not None:
        yield Change("not_this_one", NOT_THIS_ONE, _again(answer, None))


def _again(answer: Answer, offer_id: UUID | None) -> ChangeAction:
    said = {name: getattr(answer, name) for name in ("message", "available_from", "available_until")}
    body = {"answer": answer.answer, "listing_id": offer_id} | {name: each for name, each in said.items() if each}
    return ChangeAction("POST", f"/v1/listings/{answer.listing_id}/answers", body)
