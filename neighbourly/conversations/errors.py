"""What can go wrong with conversations."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class ConversationClosed(Conflict):
    """It ended 30 days ago; both read on."""

    title = {"fr": "Cette conversation est close", "en": "This conversation is closed"}


class WaitForReply(Conflict):
    """Several messages without an answer are enough."""

    title = {"fr": "Attendez d'abord une réponse", "en": "Please wait for an answer first"}


class TooManyQuestions(Conflict):
    """So many strangers written to in one day."""

    title = {"fr": "Cela fait beaucoup de questions pour aujourd'hui", "en": "These are many questions for one day"}


class OwnListing(Conflict):
    """Nobody writes to themselves."""

    title = {"fr": "C'est votre propre annonce", "en": "This is your own listing"}
