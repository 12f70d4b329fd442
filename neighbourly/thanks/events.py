"""What happens to thanks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ThanksWritten:
    """One side of an exchange wrote; the other is asked to write too, unless they were first (`both`)."""

    exchange_id: UUID
    author_id: UUID
    about_id: UUID
    both: bool


@dataclass(frozen=True)
class ConcernRaised:
    """One side told the moderators something; nobody else knows."""

    exchange_id: UUID
    author_id: UUID
