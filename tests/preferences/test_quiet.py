"""Quiet hours on the wall clock of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from neighbourly.preferences.quiet import quiet_until

PARIS = "Europe/Paris"
NIGHT = (time(21), time(8))
SIESTA = (time(13), time(15))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "zone", "until"),
    [
        ("2026-11-22T19:59", NIGHT, PARIS, None),
        ("2026-11-22T20:00", NIGHT, PARIS, "2026-11-23T07:00"),
        ("2026-11-22T23:30", NIGHT, PARIS, "2026-11-23T07:00"),
        ("2026-11-23T06:59", NIGHT, PARIS, "2026-11-23T07:00"),
        ("2026-11-23T07:00", NIGHT, PARIS, None),
        ("2026-11-22T11:59", SIESTA, PARIS, None),
        ("2026-11-22T12:00", SIESTA, PARIS, "2026-11-22T14:00"),
        ("2026-11-22T14:00", SIESTA, PARIS, None),
        ("2026-11-22T12:00", (time(13), time(13)), PARIS, None),
        ("2026-11-22T12:00", (None, None), PARIS, None),
        ("2026-11-22T12:00", NIGHT, "America/Guadeloupe", None),
        ("2026-11-23T03:00", NIGHT, "America/Guadeloupe", "2026-11-23T12:00"),
        ("2026-11-22T12:00", NIGHT, "Pacific/Auckland", "2026-11-22T19:00"),
    ],
)
def test_quiet_lasts_until_the_end_on_the_wall_clock(now, hours, zone, until):
    assert quiet_until(utc(now), *hours, zone) == (utc(until) if until else None)


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        # 29 March 2026: at 02:00 the clocks of Paris jump to 03:00; the night is an hour shorter
        ("2026-03-28T22:00", NIGHT, "2026-03-29T06:00"),
        ("2026-03-29T06:00", NIGHT, None),
        # 25 October 2026: at 03:00 they go back to 02:00; the night is an hour longer
        ("2026-10-24T22:00", NIGHT, "2026-10-25T07:00"),
        ("2026-10-25T06:30", NIGHT, "2026-10-25T07:00"),
        # 02:30 does not exist in March, and comes twice in October: the longer reading counts
        ("2026-03-29T00:45", (time(23), time(2, 30)), "2026-03-29T01:30"),
        ("2026-10-25T00:45", (time(23), time(2, 30)), "2026-10-25T01:30"),
        ("2026-10-25T00:30", (time(2, 30), time(6)), "2026-10-25T05:00"),
    ],
)
def test_quiet_follows_the_clocks_when_they_change(now, hours, until):
    assert quiet_until(utc(now), *hours, PARIS) == (utc(until) if until else None)
