"""What happens to thanks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ThanksWritten:
    """One side of an exchange wrote of the other."""

    exchange_id: UUID
    author_id: UUID
    about_id: UUID


@dataclass(frozen=True)
class ConcernRaised:
    """One side told the moderators something; nobody else knows."""

    exchange_id: UUID
    author_id: UUID
