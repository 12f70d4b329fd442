"""What time it is for the product: UTC, and in development as far ahead as `demo tick` has moved it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

COUNTRYS_ZONE = "Europe/Paris"
"""On whose wall clock a time is said or counted where nobody's own is known."""
SKEW = timedelta(minutes=1)
"""So far another clock, a phone's or Google's, may be ahead of ours or behind: what says "now" is never refused."""
_offset_file: Path | None = None


def follow(offset_file: Path | None) -> None:
    """Take the offset from this file from now on (seconds, as text); None means the true time."""
    global _offset_file
    _offset_file = offset_file


def offset() -> timedelta:
    """How far the product's clock is ahead of the true one."""
    if _offset_file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(_offset_file.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


def now() -> datetime:
    """The product's present moment, aware and in UTC."""
    return datetime.now(UTC) + offset()


def has_passed(moment: datetime, at: datetime) -> bool:
    """Whether a moment that somebody else's clock told lies before `at`, which is our present."""
    return moment < at - SKEW


def is_beyond(moment: datetime, at: datetime, longest: timedelta) -> bool:
    """Whether a moment that somebody else's clock told lies farther ahead of our present than `longest`."""
    return moment > at + longest + SKEW


def advance(by: timedelta) -> datetime:
    """Move the product's clock ahead for every process that follows the same file; the new present."""
    if _offset_file is None:
        raise RuntimeError("this installation's clock cannot be moved")
    beside = _offset_file.with_suffix(".new")
    beside.write_text(str((offset() + by).total_seconds()))
    beside.replace(_offset_file)
    return now()
