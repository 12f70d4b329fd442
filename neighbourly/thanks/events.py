"""What happens to thanks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ThanksWritten:
    """One side of an exchange wrote; `shown` says that the other, who wrote first, shows it on their page by that."""

    exchange_id: UUID
    author_id: UUID
    about_id: UUID
    shown: bool


@dataclass(frozen=True)
class ConcernRaised:
    """One side told the moderators something; nobody else knows."""

    exchange_id: UUID
    author_id: UUID
