"""Getting in: by password, by Firebase, or back in by a code."""

from __future__ import annotations

from uuid import UUID

import structlog

from neighbourly.accounts import firebase, passwords, selectors
from neighbourly.accounts.display_names import NAMELESS, find_fault
from neighbourly.accounts.errors import (
    ADULTS_ONLY,
    CodeNeeded,
    CodeRefused,
    FirebaseRefused,
    FirebaseTaken,
    LastWayIn,
    SignInRefused,
)
from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service.codes import count_wrong, match_code, send_code, take_code
from neighbourly.accounts.service.guarding import is_guarded, note_failure
from neighbourly.accounts.service.notices import tell
from neighbourly.accounts.service.proofs import require_recent_proof
from neighbourly.accounts.service.registration import create_user, forget_pending, send_pending_again
from neighbourly.accounts.service.sessions import SignedIn, end_what_the_password_opened, knows, open_session
from neighbourly.core import clock
from neighbourly.core.errors import fault

NOBODY = UUID(int=0)
log = structlog.get_logger("security")


def log_in(
    *, email: str, password: str, code: str | None, installation_id: str | None, label: str, network: str = ""
) -> SignedIn:
    """The right password of a verified, active account; every other case is one and the same refusal (SEC-14).

    Where a registration of the address waits for its code, the mail goes out again. After many failures an installation
    and network that the account does not know need a code as well (`CodeNeeded`), whoever's address it is.
    """
    user = selectors.find_user_by_email(email)
    known = knows(user.id if user else NOBODY, installation_id, network)
    right = passwords.matches(user.password_hash if user else None, password)
    right = right and user is not None and user.state == "active"
    if is_guarded(email) and not known:
        _require_code(email, code, right=right, network=network, about=user.id if user else None)
    elif not right:
        if not known:
            note_failure(email, network)
        send_pending_again(email, occasion="sign_in", network=network)
        raise SignInRefused(about=user.id if user else None)
    assert user is not None  # noqa: S101  # else it would not be right
    if user.password_hash and passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return open_session(
        user=user, installation_id=installation_id, label=label, network=network, proven=True, tell=True
    )


def _require_code(email: str, code: str | None, *, right: bool, network: str, about: UUID | None) -> None:
    """Go on with the right password and its code; else `CodeNeeded`, the same for every mistake and every address.

    Only with the right password is a code mailed or a try counted: who guesses passwords fills no mailbox and uses up
    nobody's code.
    """
    if code is None:
        send_code(email, "sign_in", network=network, withheld=not right)
        raise CodeNeeded(about=about)
    live = selectors.list_live_codes(email, "sign_in")
    found = match_code(live, code)
    if not right or found is None:
        count_wrong([each for each in live if right is not each.withheld])
        raise CodeNeeded(about=about)
    found.used_at = clock.now()


def log_in_with_firebase(
    *, id_token: str, adult: bool, language: str, installation_id: str | None, label: str, network: str = ""
) -> SignedIn:
    """Whom Firebase vouches for; an account is joined only by an address that Firebase says is verified.

    A new account asks for what `register` asks for: that its person is an adult, and a name that neighbours may read.
    """
    person = firebase.verify(id_token)
    known = selectors.find_user_by_firebase(person.uid)
    user = known or _joined(person, language, adult)
    if user.state != "active":
        raise FirebaseRefused(about=user.id)
    return open_session(
        user=user, installation_id=installation_id, label=label, network=network, tell=known is not None
    )


def _joined(person: firebase.FirebasePerson, language: str, adult: bool) -> User:
    if person.email is None or not person.email_verified:
        raise FirebaseRefused()
    user = selectors.find_user_by_email(person.email, lock=True)
    if user is not None:
        return _linked(user, person)
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


def _linked(user: User, person: firebase.FirebasePerson) -> User:
    """An account gets another way in: by a sign-in at Firebase of just now, unless its person took that away."""
    if user.firebase_uid is not None or user.firebase_refused or not person.recent or user.state != "active":
        raise FirebaseRefused(about=user.id)
    user.firebase_uid = person.uid
    tell(user.id, "firebase_linked")
    log.info("firebase linked", user=str(user.id))
    return user


def link_firebase(*, actor: Actor, id_token: str) -> User:
    """Let a Firebase account of the same address open this one, again; asks for what erasing asks for."""
    person = firebase.verify(id_token, fresh=True)
    user = selectors.get_user(actor.id, lock=True)
    require_recent_proof(actor)
    if not person.email_verified or (person.email or "").lower() != (user.email or "").lower():
        raise FirebaseRefused(about=user.id)
    other = selectors.find_user_by_firebase(person.uid)
    if other is not None and other.id != user.id:
        raise FirebaseTaken()
    user.firebase_refused = False
    if user.firebase_uid != person.uid:
        user.firebase_uid = person.uid
        tell(user.id, "firebase_linked")
    return user


def unlink_firebase(*, actor: Actor) -> None:
    """Firebase opens this account no more, until it is linked again from inside; not where it is the last way in."""
    user = selectors.get_user(actor.id, lock=True)
    if user.firebase_uid is None:
        return
    if user.password_hash is None:
        raise LastWayIn()
    user.firebase_uid, user.firebase_refused = None, True
    tell(user.id, "firebase_removed")
    log.info("firebase removed", user=str(user.id))


def resend_code(*, email: str, registration: str | None = None, network: str = "") -> None:
    """Another code for one's own registration, or the newest of an address; the same answer for any other."""
    send_pending_again(email, registration=registration, network=network)


def forgot_password(*, email: str, network: str = "") -> None:
    """A code for whoever owns the mailbox of an account; an unknown address costs the same and gets nothing."""
    send_code(email, "reset", network=network)


def reset_password(
    *, email: str, code: str, password: str, installation_id: str | None, label: str, network: str = ""
) -> SignedIn:
    """A code from the mailbox sets a new password, and ends what the one before had opened."""
    passwords.refuse_common(password)
    password_hash = passwords.hashed(password)
    take_code(email, "reset", code, network=network)
    user = selectors.find_user_by_email(email, lock=True)
    if user is None or user.state != "active":
        raise CodeRefused(about=user.id if user else None)
    user.password_hash = password_hash
    end_what_the_password_opened(user)
    tell(user.id, "password_reset")
    log.info("password reset", user=str(user.id))
    return open_session(user=user, installation_id=installation_id, label=label, network=network, proven=True)
