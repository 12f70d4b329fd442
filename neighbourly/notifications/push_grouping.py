"""Which push replaces which on a phone's screen, and which stand together there.

A later push about the same thing (one answer, one need, one exchange, one conversation) replaces the earlier one; what
is about different things never does.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from neighbourly.notifications.models import MESSAGE

ANSWER = "answer_received"


@dataclass(frozen=True)
class PushSubject:
    """What a notification is about: its ids, as they stand in its row."""

    type: str
    notification_id: UUID
    actor_id: UUID | None
    listing_id: UUID | None
    exchange_id: UUID | None
    conversation_id: UUID | None


def make_collapse_id(about: PushSubject) -> str:
    """Name the thing that a push is about in 32 characters of base64url, alike for each push about it.

    Short enough for APNs (64 bytes), FCM, and web push's Topic (RFC 8030, section 5.4: 32 characters). Digested, since
    an answer is named by its need and by who gave it: of two neighbours' answers none hides the other.
    """
    return _digest(name_thing(about))


def make_thread_id(about: PushSubject) -> str:
    """Name what a push stands together with: all about one exchange, else one listing, else one conversation."""
    return _digest(str(about.exchange_id or about.listing_id or about.conversation_id or about.type))


def name_thing(about: PushSubject) -> str:
    """What a push is about, alike for all that is about it."""
    if about.type == MESSAGE and about.conversation_id:
        return f"conversation:{about.conversation_id}"
    if about.exchange_id:
        return f"exchange:{about.exchange_id}"
    if about.type == ANSWER:
        return f"answer:{about.listing_id}:{about.actor_id}"
    return f"listing:{about.listing_id}" if about.listing_id else f"notification:{about.notification_id}"


def _digest(name: str) -> str:
    return urlsafe_b64encode(hashlib.blake2b(name.encode(), digest_size=24).digest()).decode()
