"""Roles, given at the server's own command line and put on record."""

from __future__ import annotations

from neighbourly.accounts import selectors
from neighbourly.accounts.models import User
from neighbourly.core import audit
from neighbourly.core.errors import NotFound


def promote_user(*, email: str, role: str, territory_code: str | None) -> User:
    """A moderator's power ends at their territory; without one it is the whole installation."""
    found = selectors.find_user_by_email(email)
    if found is None:
        raise NotFound()
    user = selectors.get_user(found.id, lock=True)
    user.role, user.territory_code = role, territory_code
    audit.record("role_given", actor_id=None, subject_id=user.id, role=role, territory=territory_code)
    return user
