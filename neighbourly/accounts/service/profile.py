"""One's own account: what it says, and how it changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from neighbourly.accounts import passwords, selectors
from neighbourly.accounts.display_names import skeleton
from neighbourly.accounts.errors import PasswordNeeded, ProofNeeded, TermsUnknown
from neighbourly.accounts.events import NameChosen
from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service.notices import tell
from neighbourly.accounts.service.proofs import Proof, gather_proof, has_recent_proof, is_proof
from neighbourly.accounts.service.sessions import end_what_the_password_opened
from neighbourly.accounts.terms import TERMS_VERSION
from neighbourly.core import clock
from neighbourly.core.events import publish

log = structlog.get_logger("security")


def get_me(*, actor: Actor) -> User:
    """Everyone sees all of their own account."""
    return selectors.get_user(actor.id)


def update_me(
    *,
    actor: Actor,
    password: str | None = None,
    current_password: str | None = None,
    id_token: str | None = None,
    code: str | None = None,
    network: str = "",
    **changes: Any,
) -> User:
    """Another password needs the current one; a first one what erasing the account needs (SEC-11).

    Either ends the other sessions and the calendar address, and is told by mail.
    """
    proof = gather_proof(id_token=id_token if password is not None else None, code=code, network=network)
    user = selectors.get_user(actor.id, lock=True)
    if password is not None:
        _change_password(user, password, actor, current=current_password, proof=proof)
    name = changes.get("display_name")
    if name is not None and skeleton(name) != skeleton(user.display_name):
        publish(NameChosen(user.id, name))
    for field, value in changes.items():
        setattr(user, field, value)
    return user


def rename_user(*, user_id: UUID, display_name: str) -> None:
    """Let somebody go by this name from now on."""
    selectors.get_user(user_id, lock=True).display_name = display_name


def _change_password(user: User, password: str, actor: Actor, *, current: str | None, proof: Proof) -> None:
    passwords.refuse_common(password)
    first = user.password_hash is None
    if not first and not (current and passwords.matches(user.password_hash, current)):
        raise PasswordNeeded()
    if first and not (is_proof(user, proof) or has_recent_proof(actor)):
        raise ProofNeeded()
    user.password_hash = passwords.hashed(password)
    end_what_the_password_opened(user, but=actor.session_id)
    tell(user.id, "password_set" if first else "password_changed")
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
