"""Background work of conversations."""

from __future__ import annotations

from uuid import UUID

from neighbourly.conversations import forgetting
from neighbourly.core.db import transaction
from neighbourly.core.jobs import job


@job("conversations.mask_words", queue="bulk")
def mask_words(user_id: UUID, after: UUID) -> None:
    """What is left of a very long story, a batch a transaction; done again, it changes nothing."""
    last: UUID | None = after
    while last is not None:
        with transaction():
            last = forgetting.mask_words(user_id=user_id, after=last)
