"""Absences, and what they do to the windows in which somebody may answer or object (NOT-01); pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=366)
"""How far ahead an absence may end."""
A_DAY_BACK = timedelta(days=1)
"""So long somebody who is back has at least to answer what waited for them."""


@dataclass(frozen=True)
class Absence:
    """From when until when somebody is, or was, away."""

    since: datetime
    until: datetime

    def covers(self, moment: datetime) -> bool:
        """Whether they are away at that moment."""
        return self.since <= moment < self.until


def absence_of(since: datetime | None, until: datetime | None) -> Absence | None:
    """An absence as it is stored; of one without a beginning it is not known since when."""
    return None if until is None else Absence(until - LONGEST if since is None else since, until)


def announce(before: Absence | None, until: datetime, now: datetime) -> Absence:
    """The absence that is said at this moment; with who was back for less than a day, or not yet, it is the same one.

    So nothing that was held for the first runs out unseen in the second.
    """
    goes_on = before is not None and now < before.until + A_DAY_BACK
    return Absence(before.since if before is not None and goes_on else now, until)


def hold_open(ends_at: datetime, *absences: Absence | None, latest: datetime | None = None) -> datetime:
    """When a window ends that would end at that moment: a day after those are back who were away before its end.

    An absence that was announced after its end opens nothing anew. `latest`: no absence holds it open for longer than
    that; what would end later anyway ends then.
    """
    back = [each.until + A_DAY_BACK for each in absences if each is not None and each.since < ends_at]
    held = max([ends_at, *back])
    return held if latest is None else max(ends_at, min(held, latest))
