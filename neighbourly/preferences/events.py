"""What happens to preferences."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PreferencesChanged:
    """Someone may now be asked for other things, farther away, or at other times than before."""

    user_id: UUID


@dataclass(frozen=True)
class SearchSaved:
    """Someone wants to be told when something is offered."""

    search_id: UUID


@dataclass(frozen=True)
class AbsenceAnnounced:
    """Someone says that they are away, or until another moment than they said."""

    user_id: UUID


@dataclass(frozen=True)
class AbsenceEnded:
    """Someone is back: at the end that they announced, or because they said so."""

    user_id: UUID
