"""One's own account: what it says, and how it changes."""

from __future__ import annotations

from typing import Any

import structlog

from neighbourly.accounts import passwords, selectors
from neighbourly.accounts.errors import PasswordNeeded, TermsUnknown
from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service.codes import void_codes
from neighbourly.accounts.service.sessions import end_all_sessions
from neighbourly.accounts.terms import TERMS_VERSION
from neighbourly.core import clock

log = structlog.get_logger("security")


def get_me(*, actor: Actor) -> User:
    """Everyone sees all of their own account."""
    return selectors.get_user(actor.id)


def update_me(*, actor: Actor, **changes: Any) -> User:
    """A new password needs the current one, where there is one, and ends the other sessions."""
    user = selectors.get_user(actor.id, lock=True)
    password, current = changes.pop("password", None), changes.pop("current_password", None)
    if password is not None:
        _change_password(user, password, current, actor)
    for field, value in changes.items():
        setattr(user, field, value)
    return user


def _change_password(user: User, password: str, current: str | None, actor: Actor) -> None:
    passwords.refuse_common(password)
    if user.password_hash is not None and not (current and passwords.matches(user.password_hash, current)):
        raise PasswordNeeded()
    user.password_hash = passwords.hashed(password)
    void_codes(user.email, "reset")
    end_all_sessions(user.id, but=actor.session_id)
    log.info("password changed", user=str(user.id))


def accept_terms(*, actor: Actor, version: str) -> User:
    """Only the terms in force can be accepted."""
    if version != TERMS_VERSION:
        raise TermsUnknown(version=TERMS_VERSION)
    user = selectors.get_user(actor.id, lock=True)
    if user.terms_version != version:
        user.terms_version = version
        user.terms_accepted_at = clock.now()
    return user
