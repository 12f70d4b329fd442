"""Guesses at one mailbox's password: after fifty in an hour a device that the account does not know needs a code too.

Who owns the account is never locked out: where it has been signed in before nothing changes, and elsewhere the code is
in its mailbox. Nothing here looks whether the mailbox is somebody's (SEC-14), and no store of limits is needed.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts import tokens
from neighbourly.accounts.models import FailedAttempts
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db

FAILURES, WINDOW = 50, timedelta(hours=1)


SIGN_IN = "sign_in"


def mailbox_of(email: str, of: str = SIGN_IN) -> bytes:
    """By which a mailbox is counted: sign-ins by themselves, and codes of each purpose."""
    return tokens.digest(settings().secret_key, "mailbox", of, email.lower())


def source_of(email: str, network: str) -> bytes:
    """By which a network is known again at this mailbox, and at no other."""
    return tokens.digest(settings().secret_key, "source", email.lower(), network)


def is_guarded(email: str) -> bool:
    """Whether so many sign-ins at this address failed within the hour, from wherever."""
    lately = (FailedAttempts.mailbox == mailbox_of(email), FailedAttempts.since > clock.now() - WINDOW)
    failures = db.session.scalar(select(func.coalesce(func.sum(FailedAttempts.failures), 0)).where(*lately))
    return (failures or 0) >= FAILURES


def count_failures(email: str, network: str, *, of: str) -> int:
    """How often this network failed at this mailbox within the hour."""
    mine = (FailedAttempts.mailbox == mailbox_of(email, of), FailedAttempts.source == source_of(email, network))
    statement = select(FailedAttempts.failures).where(*mine, FailedAttempts.since > clock.now() - WINDOW)
    return db.session.scalar(statement) or 0


def forget_failures(email: str, network: str, *, of: str) -> None:
    """Begin anew for this network."""
    mine = (FailedAttempts.mailbox == mailbox_of(email, of), FailedAttempts.source == source_of(email, network))
    db.session.execute(delete(FailedAttempts).where(*mine))


def note_failure(email: str, network: str, *, of: str = SIGN_IN) -> None:
    """Count one more failure; a row a network, and so at most fifty rows a mailbox where sign-ins are counted."""
    now = clock.now()
    row = insert(FailedAttempts).values(
        mailbox=mailbox_of(email, of), source=source_of(email, network), failures=1, since=now
    )
    lapsed = FailedAttempts.since <= now - WINDOW
    again = {
        "failures": case((lapsed, 1), else_=FailedAttempts.failures + 1),
        "since": case((lapsed, now), else_=FailedAttempts.since),
    }
    db.session.execute(row.on_conflict_do_update(index_elements=["mailbox", "source"], set_=again))
