"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

EndedBecause = Literal["asked", "reused", "lapsed"]


@dataclass(frozen=True)
class UserRegistered:
    """Someone has become a neighbour."""

    user_id: UUID


@dataclass(frozen=True)
class SessionEnded:
    """A sign-in is over: by its person's wish, since its refresh token was used twice, or at its time."""

    session_id: UUID
    because: EndedBecause = "asked"


@dataclass(frozen=True)
class NameChosen:
    """Someone wants to go by a name that looks like another than before; a reaction may refuse."""

    user_id: UUID
    display_name: str


@dataclass(frozen=True)
class PasswordChanged:
    """There is another password than before: what was opened with the one before ends (SEC-11)."""

    user_id: UUID


@dataclass(frozen=True)
class AccountErasing:
    """An account is about to be erased; a reaction may refuse, and each deletes what its feature holds.

    `again`: it is erased already, and what was written meanwhile goes too; then nobody refuses.
    """

    user_id: UUID
    again: bool = False


@dataclass(frozen=True)
class PersonBlocked:
    """Someone wants nothing more to do with someone."""

    blocker_id: UUID
    blocked_id: UUID
