"""Being away: it is announced with its end, moved, ended by hand, or ends by itself (NOT-01)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select, text

from neighbourly.accounts.selectors import hold_person
from neighbourly.core import clock
from neighbourly.core.db import attempt, db
from neighbourly.core.errors import fault
from neighbourly.core.events import publish
from neighbourly.preferences.absence import LONGEST, announce
from neighbourly.preferences.events import AbsenceAnnounced, AbsenceEnded
from neighbourly.preferences.models import NOT_WELCOMED, Preferences

A_MINUTES_WORK = 1_000
log = structlog.get_logger("preferences")


def check_end(until: datetime | None) -> None:
    """An absence ends at this moment or later, and within a year; all else is a 422."""
    now = clock.now()
    if until is not None and clock.has_passed(until, now):
        raise fault("/away_until", "in_the_past", fr="Ce moment est passé.", en="This moment has passed.")
    if until is not None and clock.is_beyond(until, now, LONGEST):
        raise fault("/away_until", "too_far", fr="C'est dans plus d'un an.", en="This is over a year ahead.")


def be_away(preferences: Preferences, until: datetime | None) -> None:
    """From now on somebody is away until then; None, or this very moment: they are back."""
    now = clock.now()
    if until is not None and until > now:
        absence = announce(preferences.absence, until, now)
        preferences.away_since, preferences.away_until = absence.since, absence.until
        db.session.flush()
        publish(AbsenceAnnounced(preferences.user_id))
    elif preferences.announced_until is not None:
        preferences.away_until = now
        _welcome(preferences)


def list_returned() -> Sequence[UUID]:
    """Whose absence is over without anything having been done at its end, those first that are back the longest."""
    over = select(Preferences.user_id).where(text(NOT_WELCOMED), Preferences.away_until <= clock.now())
    return db.session.scalars(over.order_by(Preferences.away_until).limit(A_MINUTES_WORK)).all()


def end_absence(*, user_id: UUID) -> None:
    """What waits for somebody's return is done, once; where that fails all of it waits on."""
    hold_person(user_id)
    over = select(Preferences).where(
        Preferences.user_id == user_id, text(NOT_WELCOMED), Preferences.away_until <= clock.now()
    )
    preferences = db.session.scalars(
        over.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).one_or_none()
    if preferences is None:
        return
    reason = attempt(lambda: _welcome(preferences))
    if reason is not None:
        log.error("an absence did not end", user=str(user_id), kind=type(reason).__name__)


def _welcome(preferences: Preferences) -> None:
    preferences.returned_at = preferences.away_until
    db.session.flush()
    publish(AbsenceEnded(preferences.user_id))
