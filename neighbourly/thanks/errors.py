"""What can go wrong with thanks."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class NothingToThankFor(Conflict):
    """Thanks come after the end."""

    title = {"fr": "Il n'y a pas encore de quoi remercier", "en": "There is nothing to say thank you for yet"}


class AlreadyThanked(Conflict):
    """Once said, it stands."""

    title = {"fr": "Vous avez déjà remercié", "en": "You have said thank you already"}
