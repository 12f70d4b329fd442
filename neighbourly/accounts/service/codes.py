"""Codes by mail: five an hour and ten a day for who asks; a quarter of an hour and five tries for who types."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, update

from neighbourly.accounts import selectors, tokens
from neighbourly.accounts.errors import CodeRefused
from neighbourly.accounts.models import EmailCode
from neighbourly.accounts.service.guarding import count_failures, forget_failures, note_failure, source_of
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.jobs import defer

Purpose = Literal["register", "reset", "confirm", "sign_in"]
OF_AN_ACCOUNT: Sequence[Purpose] = ("reset", "confirm", "sign_in")
Occasion = Literal["asked", "sign_in"]
LIVES = timedelta(minutes=15)
GUESSES = 5
"""Of one network at one mailbox, until it asks for a new code."""
NOT_AGAIN_FOR = timedelta(minutes=5)
"""So soon no second mail goes out for a code that is sent again."""
LOCK_SEED = 0x636F6465


def send_code(
    email: str,
    purpose: Purpose,
    *,
    registration_id: UUID | None = None,
    occasion: Occasion = "asked",
    network: str = "",
    withheld: bool = False,
) -> None:
    """Note a code and have it mailed; where who asks, or the mailbox, has had its share, the last one is sent again.

    Counted by purpose and by who asks, so that no stranger's taps keep its owner from a code; where the last one was
    tried out, or is too old to be sent again, another is made all the same (SEC-13). Callers never learn which it was.
    Whose address it is, and so which mail goes out if any, is found out by the job: the request does the
    same work for every address (SEC-14). A `withheld` one costs the same and is mailed to nobody.
    """
    take_turns_at(email)
    now, asker = clock.now(), source_of(email, network)
    forget_failures(email, network, of=purpose)
    made = selectors.count_codes(email, purpose, asker=asker, withheld=withheld, now=now)
    last = None
    if made.are_a_share:
        last = selectors.find_last_code(email, purpose, registration_id, withheld=withheld, now=now)
    if last is not None:
        _send_again(last, now)
    elif not made.are_too_many:
        of_kind = {"email": email, "purpose": purpose, "registration_id": registration_id, "withheld": withheld}
        _send_anew(EmailCode(**of_kind, occasion=occasion, asker=asker, created_at=now), now)


def _send_anew(code: EmailCode, now: datetime) -> None:
    code.mailed_at, code.expires_at = now, now + LIVES
    db.session.add(code)
    db.session.flush()
    defer("accounts.send_code", code_id=code.id)


def _send_again(code: EmailCode, now: datetime) -> None:
    """The same digits, good for another quarter of an hour; mailed again unless that was a moment ago."""
    code.expires_at = now + LIVES
    if code.mailed_at is None or code.mailed_at <= now - NOT_AGAIN_FOR:
        code.mailed_at = now
        defer("accounts.send_code", code_id=code.id)


def take_turns_at(email: str) -> None:
    """Whoever asks for something at this address waits here for each other, until their transactions end."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(email.lower(), LOCK_SEED))))


def take_code(email: str, purpose: Purpose, digits: str, *, network: str = "") -> EmailCode:
    """The code that was typed, now used; a wrong one is counted (`CodeRefused`).

    First against who guesses: after five wrong ones from a network nothing is looked at until it asks for a new code.
    So a stranger's guesses do not use up the tries that a code has, of which there are more (SEC-13).
    """
    live = selectors.list_live_codes(email, purpose)
    if count_failures(email, network, of=purpose) >= GUESSES:
        raise CodeRefused()
    found = match_code(live, digits)
    if found is None:
        count_wrong(live)
        note_failure(email, network, of=purpose)
        raise CodeRefused()
    found.used_at = clock.now()
    return found


def match_code(live: Sequence[EmailCode], digits: str) -> EmailCode | None:
    """The one among these that was mailed and has these digits."""
    secret = settings().secret_key
    right = [code for code in live if hmac.compare_digest(tokens.code_digits(secret, code.id), digits)]
    return next((code for code in right if not code.withheld), None)


def count_wrong(live: Sequence[EmailCode]) -> None:
    """A wrong try counts on every live code of the address."""
    for code in live:
        code.tries += 1


def void_codes(email: str | None, purpose: Purpose) -> None:
    """Once what they were for has happened, no other code of an address counts; they still count as sent."""
    waiting = (EmailCode.email == email, EmailCode.purpose == purpose, EmailCode.used_at.is_(None))
    db.session.execute(update(EmailCode).where(*waiting).values(used_at=clock.now()))
