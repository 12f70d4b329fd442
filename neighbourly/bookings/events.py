"""What happens to copies and to those who wait for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CopyBroke:
    """A copy cannot be lent for now."""

    copy_id: UUID
    at: datetime


@dataclass(frozen=True)
class CopyMended:
    """A copy that was broken since `broken_at` can be lent again."""

    copy_id: UUID
    broken_at: datetime


@dataclass(frozen=True)
class TurnCame:
    """A copy came free, and this person is the next in line; 24 h later it is the next one's turn."""

    listing_id: UUID
    user_id: UUID
    asked_at: datetime
