"""What happens in conversations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MessagePosted:
    """Someone wrote or tapped a message; `is_open` says that a device of the reader's shows the chat."""

    message_id: UUID
    conversation_id: UUID
    author_id: UUID
    reader_id: UUID
    is_open: bool


@dataclass(frozen=True)
class ConversationRead:
    """Someone read what was written to them."""

    conversation_id: UUID
    reader_id: UUID
