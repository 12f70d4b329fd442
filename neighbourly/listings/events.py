"""What happens to listings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class ListingPublished:
    """An offer or request is shown for the first time."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingChanged:
    """What it says, or how long it lasts, is different now; in any state but the final ones."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingEdited:
    """Its owner says otherwise what these fields said: told before it is so, to whoever may refuse it."""

    listing_id: UUID
    before: Mapping[str, Any]
    """By field, of those that differ."""


@dataclass(frozen=True)
class ListingPaused:
    """It is not shown for now."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingResumed:
    """It is shown again: after a pause, or renewed after it had expired."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingDeleting:
    """Its owner is about to delete it; a reaction may refuse."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingClosed:
    """Its owner took it back, deleted it or left; or (`by_exchange`) the last piece of it was given away."""

    listing_id: UUID
    by_exchange: bool = False


@dataclass(frozen=True)
class ListingFulfilled:
    """The need is met, or has passed: as its owner says, or (`by_exchange`) since as many helped as it asked for."""

    listing_id: UUID
    by_exchange: bool = False


@dataclass(frozen=True)
class ListingExpiring:
    """It will expire in three days unless its owner renews it."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingExpired:
    """Its time has run out."""

    listing_id: UUID


@dataclass(frozen=True)
class ListingsUnderstood:
    """What they mean is known from now on."""

    listing_ids: tuple[UUID, ...]
