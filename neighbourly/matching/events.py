"""What happens while a need is asked around."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class NeighboursAsked:
    """A wave has gone out: the neighbours in it were asked."""

    listing_id: UUID
    wave: int


@dataclass(frozen=True)
class AskExhausted:
    """Everyone within reach was asked, and the yeses are still too few."""

    listing_id: UUID


@dataclass(frozen=True)
class NeedSettled:
    """As many as a need asks for have agreed to help: nobody more is asked, unless one falls through."""

    listing_id: UUID


@dataclass(frozen=True)
class OfferMatched:
    """An offer is likely to meet what these people asked for or wished to hear of."""

    listing_id: UUID
    people: tuple[UUID, ...]
