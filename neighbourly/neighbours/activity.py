"""How active somebody is, in three words that count no failure; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

NEW_FOR = timedelta(days=30)
LOOKED_BACK = timedelta(days=90)
OFTEN = 5


def active(member_since: datetime, deeds: int, now: datetime) -> str:
    """`new` in the first month, then `sometimes` or `often`.

    `deeds` are exchanges that took place and answers given in the last 90 days.
    """
    if now - member_since < NEW_FOR:
        return "new"
    return "often" if deeds >= OFTEN else "sometimes"
