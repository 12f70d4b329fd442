"""Showing anew that an account is one's own, before a way into it is made or all of it is erased (SEC-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from neighbourly.accounts import firebase, passwords, selectors
from neighbourly.accounts.errors import CodeRefused, FirebaseRefused, ProofNeeded
from neighbourly.accounts.models import Session, User
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service.codes import send_code, take_code
from neighbourly.core import clock
from neighbourly.core.db import db

RECENT = timedelta(minutes=10)
"""So long a proof counts in its session: time to choose a password after the code that opened it."""


@dataclass(frozen=True)
class Proof:
    """What somebody brings to show that an account is theirs; `uid`: who signed in at Firebase just now."""

    password: str | None = None
    uid: str | None = None
    code: str | None = None
    network: str = ""


def gather_proof(
    *, password: str | None = None, id_token: str | None = None, code: str | None = None, network: str = ""
) -> Proof:
    """Read what a request brought; called before the account is held, since Firebase is another machine."""
    uid = _vouched_uid(id_token) if password is None and id_token is not None else None
    return Proof(password, uid, code, network)


def _vouched_uid(id_token: str) -> str | None:
    try:
        return firebase.verify(id_token, fresh=True).uid
    except FirebaseRefused:
        return None


def is_proof(user: User, proof: Proof) -> bool:
    """Whether this shows that the account is the caller's: its password, a Firebase sign-in of now, or a mailed code.

    The code counts only where there is no password: with one, the way of who forgot it is a reset, which ends all else.
    """
    if proof.password is not None:
        return passwords.matches(user.password_hash, proof.password)
    if proof.uid is not None:
        return user.firebase_uid == proof.uid
    if proof.code is None or user.password_hash is not None or user.email is None:
        return False
    try:
        take_code(user.email, "confirm", proof.code, network=proof.network)
    except CodeRefused:
        return False
    return True


def prove(*, actor: Actor, **brought: str) -> None:
    """Note in this session that its person has just shown who they are; raises `ProofNeeded`."""
    proof = gather_proof(**brought)
    user = selectors.get_user(actor.id, lock=True)
    if not is_proof(user, proof):
        raise ProofNeeded()
    db.session.get_one(Session, actor.session_id).proven_at = clock.now()


def send_proof_code(*, actor: Actor, network: str = "") -> None:
    """Mail a code by which somebody without a password shows that the account is theirs."""
    user = selectors.get_user(actor.id)
    if user.email is not None:
        send_code(user.email, "confirm", network=network)


def has_recent_proof(actor: Actor) -> bool:
    """Whether this session was opened by a password or a code, or proven, in the last ten minutes."""
    session = db.session.get(Session, actor.session_id)
    return session is not None and session.proven_at is not None and session.proven_at > clock.now() - RECENT


def require_recent_proof(actor: Actor) -> None:
    """Raise `ProofNeeded` where it is longer ago; the app then asks, and calls `prove`."""
    if not has_recent_proof(actor):
        raise ProofNeeded()
