"""What a person still has to do before the app is of use; each feature knows its own step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from neighbourly.accounts import selectors
from neighbourly.accounts.display_names import NAMELESS
from neighbourly.accounts.terms import TERMS_VERSION

Step = Callable[[UUID], str | None]
"""Takes a user's id; the step's name while it is still to do, else None."""

_steps: Sequence[Step] = ()


def wire(steps: Sequence[Step]) -> None:
    """Make these the steps, in this order."""
    global _steps
    _steps = steps


def next_steps(user_id: UUID) -> list[str]:
    """The steps that this person still has to take."""
    return [step for step in (ask(user_id) for ask in _steps) if step is not None]


def set_password(user_id: UUID) -> str | None:
    """Someone without a password and without Firebase has no way back in."""
    user = selectors.get_user(user_id)
    return "set_password" if user.password_hash is None and user.firebase_uid is None else None


def set_display_name(user_id: UUID) -> str | None:
    """Who came by Firebase without a name that neighbours may read is asked for one."""
    return "set_display_name" if selectors.get_user(user_id).display_name in NAMELESS.values() else None


def accept_terms(user_id: UUID) -> str | None:
    """Terms have a version, and each person the one they accepted."""
    return "accept_terms" if selectors.get_user(user_id).terms_version != TERMS_VERSION else None
