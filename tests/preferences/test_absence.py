"""What an absence does to windows, and how it is announced, moved and ended (NOT-01)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.core import clock, events
from neighbourly.preferences.absence import Absence, announce, hold_open
from neighbourly.preferences.events import AbsenceAnnounced, AbsenceEnded
from neighbourly.reactions import REACTIONS

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PREFERENCES = "/v1/me/preferences"


def on(days: float) -> datetime:
    return NOON + timedelta(days=days)


def away(since: float, until: float) -> Absence:
    return Absence(on(since), on(until))


@pytest.mark.parametrize(
    ("ends", "absences", "latest", "expected"),
    [
        (3, [None], None, 3),
        (3, [away(0, 10)], None, 11),
        (3, [away(2, 10)], None, 11),
        (3, [away(0, 2.5)], None, 3.5),
        (3, [away(-5, 1)], None, 3),
        (3, [away(3, 10)], None, 3),
        (3, [away(4, 10)], None, 3),
        (3, [away(0, 10), away(1, 20)], None, 21),
        (3, [None, away(1, 20)], None, 21),
        (3, [away(0, 10)], 6, 6),
        (3, [away(0, 360)], 33, 33),
        (3, [away(0, 10)], 2, 3),
    ],
)
def test_a_window_ends_a_day_after_the_return_of_who_was_away_before_its_end(ends, absences, latest, expected):
    """NOT-01: no window to answer or object runs out within an announced absence."""
    bound = None if latest is None else on(latest)
    assert hold_open(on(ends), *absences, latest=bound) == on(expected)


@given(ends=st.floats(0, 40), since=st.floats(0, 40), length=st.floats(0.1, 366), now=st.floats(0, 500))
def test_whoever_is_away_at_the_end_of_a_window_has_it_still(ends, since, length, now):
    """NOT-01: at no moment of an absence a window is closed that was open when it was announced."""
    absence, moment = away(since, since + length), on(now)
    if on(ends) > absence.since and absence.covers(moment):
        assert moment < hold_open(on(ends), absence)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, away(5, 9)),
        (away(0, 7), away(0, 9)),
        (away(0, 4.5), away(0, 9)),
        (away(0, 4), away(5, 9)),
    ],
)
def test_an_absence_that_goes_on_began_when_it_began(before, expected):
    """Back for an hour is not back: what was held for the first absence is held for the second."""
    assert announce(before, on(9), on(5)) == expected


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        (timedelta(days=-1), "in_the_past"),
        (timedelta(days=400), "too_far"),
        (timedelta(days=36_500), "too_far"),
    ],
)
def test_an_absence_ends_within_a_year(as_, ana, ahead, code):
    refused = as_(ana).patch(PREFERENCES, json={"away_until": (clock.now() + ahead).isoformat()})
    assert (refused.status_code, refused.json["errors"][0]) == (
        422,
        refused.json["errors"][0] | {"pointer": "/away_until", "code": code},
    )
    assert as_(ana).get(PREFERENCES).json["away_until"] is None


def test_a_year_is_not_too_far(as_, ana):
    until = (clock.now() + timedelta(days=365)).isoformat()
    assert as_(ana).patch(PREFERENCES, json={"away_until": until}).status_code == 200


@pytest.fixture
def heard(app):
    """What is said of absences; what follows from it follows all the same."""
    seen: list[object] = []
    events.wire({**REACTIONS, **{each: [*REACTIONS[each], seen.append] for each in (AbsenceAnnounced, AbsenceEnded)}})
    yield seen
    events.wire(REACTIONS)


def leave(as_, user, days: float) -> None:
    until = (clock.now() + timedelta(days=days)).isoformat()
    assert as_(user).patch(PREFERENCES, json={"away_until": until}).status_code == 200


def test_an_absence_ends_once(as_, ana, heard, later):
    leave(as_, ana, days=3)
    later(days=2)
    assert heard == [AbsenceAnnounced(ana.id)]
    later(days=1.1)
    later(days=1)
    assert heard == [AbsenceAnnounced(ana.id), AbsenceEnded(ana.id)]
    assert as_(ana).get(PREFERENCES).json["away_until"] is None


def test_one_that_was_extended_ends_when_it_is_over(as_, ana, heard, later):
    leave(as_, ana, days=3)
    later(days=2)
    leave(as_, ana, days=5)
    later(days=2)
    assert AbsenceEnded(ana.id) not in heard
    later(days=3.1)
    assert heard.count(AbsenceEnded(ana.id)) == 1


def test_one_that_is_ended_by_hand_ends_at_once_and_once(as_, ana, heard, later):
    leave(as_, ana, days=3)
    for _ in range(2):
        assert as_(ana).patch(PREFERENCES, json={"away_until": None}).json["away_until"] is None
    later(days=5)
    assert heard == [AbsenceAnnounced(ana.id), AbsenceEnded(ana.id)]


def test_what_fails_at_one_return_waits_and_holds_up_no_other(as_, ana, bob, later, heard):
    """REL-09: what waits for a return is done with it or not at all, and tried again."""
    leave(as_, ana, days=1)
    leave(as_, bob, days=2)
    broken = [ana.id]

    def fail(event: AbsenceEnded) -> None:
        if event.user_id in broken:
            raise RuntimeError

    events.wire({**REACTIONS, AbsenceEnded: [*REACTIONS[AbsenceEnded], fail, heard.append]})
    later(days=3)
    assert [each for each in heard if isinstance(each, AbsenceEnded)] == [AbsenceEnded(bob.id)]
    broken.clear()
    later(minutes=1)
    assert heard[-1] == AbsenceEnded(ana.id)
