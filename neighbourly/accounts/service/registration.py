"""Joining: a wish, a code from one's own mailbox, an account."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from neighbourly.accounts import passwords, selectors, tokens
from neighbourly.accounts.errors import CodeRefused
from neighbourly.accounts.events import UserRegistered
from neighbourly.accounts.models import Invitation, PendingRegistration, User
from neighbourly.accounts.service.codes import Occasion, send_code, take_code, take_turns_at, void_codes
from neighbourly.accounts.service.sessions import SignedIn, open_session
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.errors import fault
from neighbourly.core.events import publish

PENDING_FOR = timedelta(days=2)


def register(
    *, email: str, password: str, display_name: str, language: str, invite: str | None = None, network: str = ""
) -> str:
    """Note a wish to join, and give the token by which `verify_email` knows who made it (SEC-13).

    Whoever owns the mailbox may join; nothing here looks whether the address is known (SEC-14). The mail does: to a
    known one it says so, and holds no code. The same address, password and name again are the same registration, with
    one more code and the same token, so that a lost answer costs nobody their password. An invitation that never was
    is a 422; one that is spent or over keeps nobody out.
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
    send_code(email, "register", registration_id=pending.id, network=network)
    return tokens.write_registration(settings().secret_key, pending.id)


def _find_same(email: str, display_name: str, password: str) -> PendingRegistration | None:
    """The newest registration of the address under this name, if its password is the same; always one comparison."""
    named = [each for each in selectors.list_pending(email) if each.display_name == display_name]
    newest = named[0] if named else None
    return newest if passwords.matches(newest.password_hash if newest else None, password) else None


def send_pending_again(
    email: str, *, registration: str | None = None, occasion: Occasion = "asked", network: str = ""
) -> None:
    """Another code for the registration that the token is of, else the address's newest; nothing where none waits."""
    pending = selectors.list_pending(email)
    own_id = tokens.read_registration(settings().secret_key, registration)
    chosen = next((each for each in pending if each.id == own_id), None) or (pending[0] if pending else None)
    if chosen is not None:
        send_code(email, "register", registration_id=chosen.id, occasion=occasion, network=network)


def verify_email(
    *,
    email: str,
    code: str,
    registration: str | None,
    language: str,
    installation_id: str | None,
    label: str,
    network: str = "",
) -> SignedIn:
    """The code's own registration becomes an account; all but its name counts only for who made it.

    Whoever brings the token of that registration keeps its password, language and invitation. For anybody else it is a
    stranger's: the password is discarded, and the language is that of the call. So who registers somebody else's
    address, before or after them, holds nothing of the account that its owner makes (SEC-13).
    """
    taken = take_code(email, "register", code, network=network)
    pending = next((each for each in selectors.list_pending(email) if each.id == taken.registration_id), None)
    if pending is None or selectors.find_user_by_email(email) is not None:
        raise CodeRefused()
    own = tokens.read_registration(settings().secret_key, registration) == pending.id
    user = create_user(
        email=pending.email,
        display_name=pending.display_name,
        password=None,
        language=pending.language if own else language,
        password_hash=pending.password_hash if own else None,
    )
    if own:
        _use_invitation(pending.invite)
    forget_pending(email)
    return open_session(user=user, installation_id=installation_id, label=label, network=network, proven=True)


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
    db.session.execute(update(Invitation).where(*selectors.usable(code)).values(uses_left=Invitation.uses_left - 1))
