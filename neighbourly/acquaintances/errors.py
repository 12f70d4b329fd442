"""What can go wrong when somebody approaches somebody."""

from __future__ import annotations

from neighbourly.core.errors import Conflict, Fault


class WaitForReply(Conflict):
    """So much without a word or a tap of the other side is enough."""

    title = {"fr": "Attendez d'abord une réponse", "en": "Please wait for an answer first"}

    @classmethod
    def at(cls, pointer: str | None) -> WaitForReply:
        """The refusal, naming the words that were too many, where there are any: without them it may go well."""
        words = {
            "fr": "Cette personne n'a pas encore répondu à vos premiers mots.",
            "en": "This person has not answered your first words yet.",
        }
        return cls(faults=[Fault(pointer, cls.code(), words)] if pointer else ())


class TooManyQuestions(Conflict):
    """So many strangers approached in one day."""

    title = {
        "fr": "Cela fait beaucoup de nouvelles personnes pour aujourd'hui",
        "en": "These are many new people for one day",
    }
