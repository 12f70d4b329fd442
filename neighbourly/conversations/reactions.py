"""What conversations do when something happens below them."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.conversations import forgetting
from neighbourly.core.jobs import defer


def forget_person(event: AccountErasing) -> None:
    """Others keep what was said to them, without contact data: at once as a rule, of a very long story soon after."""
    forgetting.mask_titles(user_id=event.user_id)
    forgetting.empty_deserted(user_id=event.user_id)
    last = forgetting.mask_words(user_id=event.user_id)
    if last is not None:
        defer("conversations.mask_words", user_id=event.user_id, after=last)
