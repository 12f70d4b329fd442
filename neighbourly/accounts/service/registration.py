"""Joining: a wish, a code from one's own mailbox, an account."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from neighbourly.accounts import passwords, selectors
from neighbourly.accounts.errors import CodeRefused
from neighbourly.accounts.events import UserRegistered
from neighbourly.accounts.models import Invitation, PendingRegistration, User
from neighbourly.accounts.service.codes import send_code, take_code, take_turns_at, void_codes
from neighbourly.accounts.service.sessions import SignedIn, open_session
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import fault
from neighbourly.core.events import publish

PENDING_FOR = timedelta(days=2)


def register(*, email: str, password: str, display_name: str, language: str, invite: str | None = None) -> None:
    """Whoever owns the mailbox may join; nothing here looks whether the address is known (SEC-14).

    The mail does: to a known one it says so, and holds no code. The same address, password and name again are the same
    registration, with one more code, so that a lost answer costs nobody their password (SEC-13). An invitation that
    never was is a 422; one that is spent or over keeps nobody out.
    """
    passwords.refuse_common(password)
    if invite is not None and not selectors.is_invitation(invite):
        raise fault(
            "/invite",
            "unknown_invitation",
            fr="Cette invitation n'existe pas\u00a0: vérifiez-la, ou inscrivez-vous sans elle.",
            en="There is no such invitation: check it, or join without one.",
        )
    password_hash = passwords.hashed(password)  # made whether it is needed or not: the time tells nothing
    take_turns_at(email)
    pending = _find_same(email, display_name, password)
    if pending is None:
        pending = PendingRegistration(email=email, password_hash=password_hash, display_name=display_name)
        db.session.add(pending)
    pending.language, pending.invite, pending.created_at = language, invite, clock.now()
    db.session.flush()
    send_code(email, "register", registration_id=pending.id)


def _find_same(email: str, display_name: str, password: str) -> PendingRegistration | None:
    """The newest registration of the address under this name, if its password is the same; always one comparison."""
    named = [each for each in selectors.list_pending(email) if each.display_name == display_name]
    newest = named[0] if named else None
    return newest if passwords.matches(newest.password_hash if newest else None, password) else None


def send_pending_again(email: str) -> None:
    """Another code for the newest registration of an address; nothing for any other address."""
    pending = selectors.list_pending(email)
    if pending:
        send_code(email, "register", registration_id=pending[0].id)


def verify_email(*, email: str, code: str, installation_id: str | None, label: str) -> SignedIn:
    """The code's own registration becomes an account; where several were pending its password is discarded.

    So whoever registers somebody else's address, before or after them, holds no password to it (SEC-13).
    """
    taken = take_code(email, "register", code)
    waiting = selectors.list_pending(email)
    registration = next((each for each in waiting if each.id == taken.registration_id), None)
    if registration is None or selectors.find_user_by_email(email) is not None:
        raise CodeRefused()
    user = create_user(
        email=registration.email,
        display_name=registration.display_name,
        password=None,
        language=registration.language,
        password_hash=registration.password_hash if len(waiting) == 1 else None,
    )
    _use_invitation(registration.invite)
    forget_pending(email)
    return open_session(user=user, installation_id=installation_id, label=label)


def create_user(
    *,
    email: str | None,
    display_name: str,
    password: str | None,
    language: str,
    role: str = "neighbour",
    territory_code: str | None = None,
    password_hash: str | None = None,
    firebase_uid: str | None = None,
) -> User:
    """A verified account; what belongs to one is made by those who hear of it."""
    user = User(
        email=email,
        password_hash=passwords.hashed(password) if password else password_hash,
        firebase_uid=firebase_uid,
        display_name=display_name,
        language=language,
        role=role,
        territory_code=territory_code,
        last_seen_on=clock.now().date(),
    )
    db.session.add(user)
    db.session.flush()
    publish(UserRegistered(user.id))
    return user


def forget_pending(email: str) -> None:
    """Once an address is verified, nothing else that waits for it counts."""
    void_codes(email, "register")
    db.session.execute(delete(PendingRegistration).where(PendingRegistration.email == email))


def _use_invitation(code: str | None) -> None:
    """An invitation that is spent keeps nobody out: it only counts."""
    db.session.execute(
        update(Invitation)
        .where(Invitation.code == code, Invitation.uses_left > 0, Invitation.expires_at > clock.now())
        .values(uses_left=Invitation.uses_left - 1)
    )
