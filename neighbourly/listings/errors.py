"""What can go wrong with listings."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class ActionNotAllowed(Conflict):
    """The state of the thing does not allow this action; `allowed_actions` says which ones it does."""

    title = {"fr": "Ce n'est pas possible à ce stade", "en": "This is not possible at this stage"}
