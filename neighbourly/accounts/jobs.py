"""Background work of accounts: the mails with codes, and what is too old to keep."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete

from neighbourly.accounts import mails, selectors, service, tokens
from neighbourly.accounts.models import (
    AccountNotice,
    EmailCode,
    FailedAttempts,
    Invitation,
    PendingRegistration,
    Session,
    User,
)
from neighbourly.accounts.notice_mails import notice_letter
from neighbourly.accounts.service.guarding import WINDOW
from neighbourly.accounts.service.registration import PENDING_FOR
from neighbourly.accounts.ways_in import find_ways_in
from neighbourly.core import clock
from neighbourly.core.api import creations, idempotency
from neighbourly.core.config import settings
from neighbourly.core.db import db, transaction
from neighbourly.core.jobs import Delayed, GivenUp, job, timetable
from neighbourly.core.mail import AddressRefused, Mail, MailDelayed, MailRefused, postman_from
from neighbourly.core.mail.letter import Letter

KEPT_FOR = timedelta(days=30)
"""How long a sign-in or an invitation that is over can still be asked about."""

WORDS_OF_PURPOSE = {"reset": mails.reset_letter, "confirm": mails.confirm_letter, "sign_in": mails.sign_in_letter}
"""What goes to an account alone."""
log = structlog.get_logger("mail")


@job("accounts.send_code", queue="mail")
def send_code(code_id: UUID) -> None:
    """Mail what a code calls for at this moment: the code, "you have an account", or nothing at all.

    One that expired before it could be sent is given up, and so is one that the server will never send. What the
    server only does not want for this one address is the address's fault, and a line of log.
    """
    with transaction():
        code = db.session.get(EmailCode, code_id)
        if code is None or code.used_at is not None or code.withheld:
            return
        if code.expires_at <= clock.now():
            raise GivenUp("a code expired before its mail could be sent")
        email = code.email
        language, letter = _letter(code)
    if letter is None:
        return
    _send(email, language, letter, code_id)


@job("accounts.send_notice", queue="mail")
def send_notice(notice_id: UUID) -> None:
    """Mail somebody what happened to their account, with the ways in as they are at this moment."""
    with transaction():
        notice = db.session.get(AccountNotice, notice_id)
        user = db.session.get(User, notice.user_id) if notice else None
        if notice is None or user is None or user.email is None:
            return
        email, language = user.email, user.language
        letter = notice_letter(language, notice.kind, at=notice.created_at, label=notice.label, ways=find_ways_in(user))
    _send(email, language, letter, notice_id)


def _send(to: str, language: str, letter: Letter, about_id: UUID) -> None:
    """The reasons hold neither the address nor a line of the mail."""
    current = settings()
    mail = Mail(
        to=to,
        subject=letter.subject,
        text=letter.text(language, current.operator, current.contact),
        html=letter.html(language, current.operator, current.contact),
    )
    try:
        postman_from(current.smtp_url, current.mail_folder, current.mail_from).send(mail)
    except AddressRefused as reason:
        log.warning("mail refused", code=str(about_id), reason=str(reason))
    except MailRefused as reason:
        raise GivenUp(str(reason)) from None
    except MailDelayed as reason:
        raise Delayed(str(reason)) from None
    except ValueError:
        raise Delayed("NEIGHBOURLY_SMTP_URL or NEIGHBOURLY_MAIL_FROM cannot be read") from None


def _letter(code: EmailCode) -> tuple[str, Letter | None]:
    """Only here does it matter whether somebody has this address (SEC-14)."""
    user = selectors.find_user_by_email(code.email)
    digits = tokens.code_digits(settings().secret_key, code.id)
    if code.purpose in WORDS_OF_PURPOSE:
        write_code = WORDS_OF_PURPOSE[code.purpose]
        active = user is not None and user.state == "active"
        return (user.language, write_code(user.language, digits)) if user and active else ("fr", None)
    if user is not None:
        return user.language, mails.known_letter(user.language)
    pending = db.session.get(PendingRegistration, code.registration_id) if code.registration_id else None
    if pending is None:
        return "fr", None
    write = mails.sign_in_failed_letter if code.occasion == "sign_in" else mails.register_letter
    return pending.language, write(
        pending.language, digits, display_name=pending.display_name, asked_at=pending.created_at
    )


@timetable("23 * * * *", "accounts.forget_old", queue="bulk")
def forget_old() -> None:
    """Delete codes and registrations that nobody typed, ended sessions and spent invitations, and stored answers."""
    now = clock.now()
    with transaction():
        service.end_lapsed_sessions()
        service.finish_leaving()
        service.finish_erasing()
        db.session.execute(delete(EmailCode).where(EmailCode.created_at < now - PENDING_FOR))
        db.session.execute(delete(PendingRegistration).where(PendingRegistration.created_at < now - PENDING_FOR))
        db.session.execute(delete(Session).where(Session.ended_at < now - KEPT_FOR))
        db.session.execute(delete(AccountNotice).where(AccountNotice.created_at < now - KEPT_FOR))
        db.session.execute(delete(FailedAttempts).where(FailedAttempts.since < now - WINDOW))
        db.session.execute(delete(Invitation).where(Invitation.expires_at < now - KEPT_FOR))
        idempotency.forget_old()
        creations.forget_old()
