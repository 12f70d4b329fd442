"""What happens in the timebank."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MinutesMoved:
    """A transfer was posted."""

    transfer_id: UUID
