"""What happens to homes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class HomeMoved:
    """Someone's home is now another cell or in another neighbourhood, or they have none any more."""

    user_id: UUID
