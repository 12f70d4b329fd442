"""Getting in: by password, by Firebase, or back in by a code."""

from __future__ import annotations

import structlog

from neighbourly.accounts import firebase, passwords, selectors
from neighbourly.accounts.display_names import NAMELESS, find_fault
from neighbourly.accounts.errors import ADULTS_ONLY, CodeRefused, FirebaseRefused, SignInRefused
from neighbourly.accounts.models import User
from neighbourly.accounts.service.codes import send_code, take_code, void_codes
from neighbourly.accounts.service.registration import create_user, forget_pending, send_pending_again
from neighbourly.accounts.service.sessions import SignedIn, end_all_sessions, open_session
from neighbourly.core.errors import fault

log = structlog.get_logger("security")


def log_in(*, email: str, password: str, installation_id: str | None, label: str) -> SignedIn:
    """The right password of a verified, active account; every other case is one and the same refusal (SEC-14).

    Where a registration of the address waits for its code, the mail goes out again.
    """
    user = selectors.find_user_by_email(email)
    right = passwords.matches(user.password_hash if user else None, password)
    if user is None or not right or user.state != "active":
        send_pending_again(email, occasion="sign_in")
        raise SignInRefused(about=user.id if user else None)
    if user.password_hash and passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return open_session(user=user, installation_id=installation_id, label=label)


def log_in_with_firebase(
    *, id_token: str, adult: bool, language: str, installation_id: str | None, label: str
) -> SignedIn:
    """Whom Firebase vouches for; an account is joined only by an address that Firebase says is verified.

    A new account asks for what `register` asks for: that its person is an adult, and a name that neighbours may read.
    """
    person = firebase.verify(id_token)
    user = selectors.find_user_by_firebase(person.uid) or _joined(person, language, adult)
    if user.state != "active":
        raise FirebaseRefused(about=user.id)
    return open_session(user=user, installation_id=installation_id, label=label)


def _joined(person: firebase.FirebasePerson, language: str, adult: bool) -> User:
    if person.email is None or not person.email_verified:
        raise FirebaseRefused()
    user = selectors.find_user_by_email(person.email, lock=True)
    if user is None:
        if not adult:
            raise fault("/adult", "adults_only", fr=ADULTS_ONLY["fr"], en=ADULTS_ONLY["en"])
        forget_pending(person.email)
        return create_user(
            email=person.email,
            display_name=person.name if person.name and find_fault(person.name) is None else NAMELESS[language],
            password=None,
            language=language,
            firebase_uid=person.uid,
        )
    if user.firebase_uid is not None:
        raise FirebaseRefused(about=user.id)
    user.firebase_uid = person.uid
    return user


def resend_code(*, email: str, registration: str | None = None) -> None:
    """Another code for one's own registration, or the newest of an address; the same answer for any other."""
    send_pending_again(email, registration=registration)


def forgot_password(*, email: str) -> None:
    """A code for whoever owns the mailbox of an account; an unknown address costs the same and gets nothing."""
    send_code(email, "reset")


def reset_password(*, email: str, code: str, password: str, installation_id: str | None, label: str) -> SignedIn:
    """A code from the mailbox sets a new password and ends every session."""
    passwords.refuse_common(password)
    password_hash = passwords.hashed(password)
    take_code(email, "reset", code)
    user = selectors.find_user_by_email(email, lock=True)
    if user is None or user.state != "active":
        raise CodeRefused(about=user.id if user else None)
    user.password_hash = password_hash
    void_codes(email, "reset")
    end_all_sessions(user.id)
    log.info("password reset", user=str(user.id))
    return open_session(user=user, installation_id=installation_id, label=label)
