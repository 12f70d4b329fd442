"""What happens to copies and to those who wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CopiesBroke:
    """These copies, which somebody may have taken, cannot be lent for now."""

    copy_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True)
class CopiesMended:
    """Copies that were broken, by id since when, can be lent again."""

    broken_at: Mapping[UUID, datetime]


@dataclass(frozen=True)
class TurnCame:
    """A copy came free, and this person is the next in line; 24 h later it is the next one's turn."""

    listing_id: UUID
    user_id: UUID
    asked_at: datetime


@dataclass(frozen=True)
class TurnEnding:
    """A quarter of somebody's turn is left."""

    listing_id: UUID
    user_id: UUID
    asked_at: datetime


@dataclass(frozen=True)
class LineEnded:
    """These people wait no longer for what is offered no longer, or too far away by now."""

    listing_id: UUID
    people: tuple[UUID, ...]
