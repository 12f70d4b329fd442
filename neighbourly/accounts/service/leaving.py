"""Leaving: the account and all that is personal in it go at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import delete, or_, select

from neighbourly.accounts import selectors
from neighbourly.accounts.errors import ProofNeeded
from neighbourly.accounts.events import AccountErasing
from neighbourly.accounts.models import (
    AccountNotice,
    Block,
    EmailCode,
    FailedAttempts,
    Invitation,
    PendingRegistration,
    Session,
    User,
)
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service.guarding import mailbox_of
from neighbourly.accounts.service.proofs import gather_proof, is_proof
from neighbourly.accounts.service.sessions import end_all_sessions
from neighbourly.core import audit, clock
from neighbourly.core.api import creations, idempotency
from neighbourly.core.db import attempt, db
from neighbourly.core.errors import Conflict
from neighbourly.core.events import publish

FORMER_NEIGHBOUR = "—"
LOOKED_BACK = timedelta(hours=3)
log = structlog.get_logger("security")


def delete_me(*, actor: Actor, **brought: str) -> None:
    """Only who proves again to be the person may erase.

    A reaction may put it off for a bounded time (an open loan, say); the wish is kept, and it happens by itself then.
    """
    proof = gather_proof(**brought)
    user = selectors.get_user(actor.id, lock=True)
    if not is_proof(user, proof):
        raise ProofNeeded()
    _erase(user.id)


def note_wish_to_leave(*, user_id: UUID, leaves_at: datetime) -> datetime:
    """Somebody wished to be erased and something holds it up, until then at the latest; a second wish changes nothing.

    Nothing that others do later moves it. Returns when.
    """
    user = selectors.get_user(user_id, lock=True)
    user.leaves_at = user.leaves_at or leaves_at
    db.session.flush()
    return user.leaves_at


def stay(*, actor: Actor) -> None:
    """Everyone may take back their wish to leave, until it has happened."""
    user = selectors.get_user(actor.id, lock=True)
    if user.leaves_at is not None:
        user.leaves_at = None
        audit.record("erasure_withdrawn", actor_id=user.id, subject_id=user.id)


def finish_leaving() -> None:
    """Who wished to leave goes once nothing holds it up any more, or their time has come; one at a time."""
    wished = select(User.id).where(User.leaves_at.is_not(None), User.state != "erased").order_by(User.leaves_at)
    for user_id in db.session.scalars(wished).all():
        reason = attempt(partial(_erase, user_id))
        if reason is not None and not isinstance(reason, Conflict):
            log.error("leaving not finished", user=str(user_id), kind=type(reason).__name__)


def _erase(user_id: UUID) -> None:
    user = selectors.get_user(user_id, lock=True)
    publish(AccountErasing(user.id))
    _empty(user)
    audit.record("account_erased", actor_id=user.id, subject_id=user.id)
    log.info("account erased", user=str(user.id))


def finish_erasing() -> None:
    """What a request under way wrote while its person left goes too, within the hour or so until the next look.

    One that fails is tried again then, and keeps nobody else from being forgotten.
    """
    lately = User.updated_at > clock.now() - LOOKED_BACK
    for user_id in db.session.scalars(select(User.id).where(User.state == "erased", lately)).all():
        reason = attempt(partial(_erase_again, user_id))
        if reason is not None:
            log.error("erasure not finished", user=str(user_id), kind=type(reason).__name__)


def _erase_again(user_id: UUID) -> None:
    publish(AccountErasing(user_id, again=True))
    _empty(db.session.get_one(User, user_id))


def _empty(user: User) -> None:
    """Keep the id, which ledgers and others' threads refer to; delete everything that tells who it was."""
    end_all_sessions(user.id)
    idempotency.forget_person(user.id)
    creations.forget_owner(user.id)
    db.session.execute(delete(EmailCode).where(EmailCode.email == user.email))
    db.session.execute(delete(PendingRegistration).where(PendingRegistration.email == user.email))
    db.session.execute(delete(FailedAttempts).where(FailedAttempts.mailbox == mailbox_of(user.email or "")))
    db.session.execute(delete(AccountNotice).where(AccountNotice.user_id == user.id))
    db.session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    db.session.execute(delete(Block).where(or_(Block.blocker_id == user.id, Block.blocked_id == user.id)))
    db.session.execute(delete(Session).where(Session.user_id == user.id))
    user.email = user.password_hash = user.firebase_uid = None
    user.firebase_refused = False
    user.display_name, user.bio, user.language = FORMER_NEIGHBOUR, "", "fr"
    user.role, user.territory_code = "neighbour", None
    user.terms_version = user.terms_accepted_at = user.last_seen_on = user.leaves_at = None
    user.state = "erased"
