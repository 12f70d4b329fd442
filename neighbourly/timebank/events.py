"""What happens in the timebank."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MinutesMoved:
    """A transfer was posted; the two are None for a pot."""

    transfer_id: UUID
    kind: str
    minutes: int
    payer_id: UUID | None
    payee_id: UUID | None
