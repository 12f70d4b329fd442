"""What can go wrong with conversations."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class ConversationClosed(Conflict):
    """It ended 30 days ago, or one's proposal in it came to nothing; both read on."""

    title = {"fr": "Cette conversation est close", "en": "This conversation is closed"}


class OwnListing(Conflict):
    """Nobody writes to themselves."""

    title = {"fr": "C'est votre propre annonce", "en": "This is your own listing"}
