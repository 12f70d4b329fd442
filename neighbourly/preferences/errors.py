"""What can go wrong with preferences."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class TooManySearches(Conflict):
    """So many things looked for at a time are enough; deleting one makes room."""

    title = {"fr": "Vous cherchez déjà vingt choses", "en": "You are already looking for twenty things"}
