"""Mails to a person about what happened to their account; so many a day, so that nobody drowns one in others."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from neighbourly.accounts.models import AccountNotice
from neighbourly.accounts.notice_mails import Kind
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.jobs import defer

MOST_A_DAY = 5
"""Of one kind: who changes a thing more often that day has been told of it."""


def tell(user_id: UUID, kind: Kind, *, label: str = "") -> None:
    """Have a mail sent about this, once the transaction commits; `label`: what the app calls itself."""
    now = clock.now()
    lately = select(func.count()).where(
        AccountNotice.user_id == user_id, AccountNotice.kind == kind, AccountNotice.created_at > now - timedelta(days=1)
    )
    if (db.session.scalar(lately) or 0) >= MOST_A_DAY:
        return
    notice = AccountNotice(user_id=user_id, kind=kind, label=label, created_at=now)
    db.session.add(notice)
    db.session.flush()
    defer("accounts.send_notice", notice_id=notice.id)
