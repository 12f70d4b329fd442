"""Every way into an account, or to read in it, that exists at this moment (SEC-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from neighbourly.accounts import selectors
from neighbourly.accounts.models import User
from neighbourly.core.db import db

HasCalendar = Callable[[UUID], bool]


@dataclass(frozen=True)
class WaysIn:
    """Whether there is a password, a linked Firebase account, a private calendar address; and open sessions."""

    password: bool
    firebase: bool
    calendar: bool
    sessions: int


_has_calendar: HasCalendar | None = None


def wire(has_calendar: HasCalendar) -> None:
    """Let the feature that keeps calendar addresses say whether somebody has one."""
    global _has_calendar
    _has_calendar = has_calendar


def find_ways_in(user: User) -> WaysIn:
    """All of a person's, by two statements."""
    open_sessions = selectors.open_sessions(user.id).with_only_columns(func.count()).order_by(None)
    return WaysIn(
        password=user.password_hash is not None,
        firebase=user.firebase_uid is not None,
        calendar=_has_calendar is not None and _has_calendar(user.id),
        sessions=db.session.scalar(select(open_sessions.scalar_subquery())) or 0,
    )
