"""Codes by mail: five an hour and ten a day for an address, a quarter of an hour and five tries each."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, update

from neighbourly.accounts import selectors, tokens
from neighbourly.accounts.errors import CodeRefused
from neighbourly.accounts.models import EmailCode
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.jobs import defer

Purpose = Literal["register", "reset"]
Occasion = Literal["asked", "sign_in"]
LIVES = timedelta(minutes=15)
AN_HOUR, A_DAY = 5, 10
LOCK_SEED = 0x636F6465


def send_code(
    email: str, purpose: Purpose, *, registration_id: UUID | None = None, occasion: Occasion = "asked"
) -> None:
    """Note a code and have it mailed, unless the address has had its share; callers never learn which.

    Whose address it is, and so which mail goes out if any, is found out by the job: the request does the same work
    for every address (SEC-14).
    """
    take_turns_at(email)
    now = clock.now()
    this_hour, today = selectors.count_codes(email, now=now)
    if this_hour >= AN_HOUR or today >= A_DAY:
        return
    code = EmailCode(
        email=email,
        purpose=purpose,
        registration_id=registration_id,
        occasion=occasion,
        created_at=now,
        expires_at=now + LIVES,
    )
    db.session.add(code)
    db.session.flush()
    defer("accounts.send_code", code_id=code.id)


def take_turns_at(email: str) -> None:
    """Whoever asks for something at this address waits here for each other, until their transactions end."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(email.lower(), LOCK_SEED))))


def take_code(email: str, purpose: Purpose, digits: str) -> EmailCode:
    """The code that was typed, now used; every live code of the address counts a wrong try (`CodeRefused`)."""
    secret = settings().secret_key
    live = selectors.list_live_codes(email, purpose)
    right = [code for code in live if hmac.compare_digest(tokens.code_digits(secret, code.id), digits)]
    if not right:
        for code in live:
            code.tries += 1
        raise CodeRefused()
    right[0].used_at = clock.now()
    return right[0]


def void_codes(email: str | None, purpose: Purpose) -> None:
    """Once what they were for has happened, no other code of an address counts; they still count as sent."""
    waiting = (EmailCode.email == email, EmailCode.purpose == purpose, EmailCode.used_at.is_(None))
    db.session.execute(update(EmailCode).where(*waiting).values(used_at=clock.now()))
