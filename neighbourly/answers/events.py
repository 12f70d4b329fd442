"""What happens to answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class AnswerGiven:
    """Someone said yes, later or no to a request, for the first time or in place of what they said before."""

    answer_id: UUID
    listing_id: UUID
    user_id: UUID
    answer: str
